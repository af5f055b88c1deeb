// Packs a tree as a Debian package. Needs dpkg-dev, which finds the packages of the linked libraries.
import { createHash } from "node:crypto";
import { cpSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { spawnSync } from "node:child_process";
import { root } from "../lib/paths.mjs";
import { output, run } from "../lib/run.mjs";
import { facts, folded, written } from "./facts.mjs";
import { compressed, data, put } from "./tree.mjs";

/** Debian's revision: counts packages of the same version. */
const REVISION = 1;

/** Resolves with `{ file }` or `{ problem }`. */
export async function makeDeb(planted, { work, out, quick, notices }) {
  const { name, version, maintainer } = facts;
  rmSync(work, { recursive: true, force: true });
  const tree = join(work, "tree");
  cpSync(planted, tree, { recursive: true });
  documents(tree, notices);
  const depends = libraries(tree, work);
  if (depends === null) return { problem: "dpkg-shlibdeps does not know the programs' libraries" };
  const paths = files(join(tree, "usr"));
  const sums = paths.map((file) => {
    const sum = createHash("md5").update(readFileSync(file)).digest("hex");
    return `${sum}  ${relative(tree, file)}`;
  });
  const size = paths.reduce((total, file) => total + Math.ceil(statSync(file).size / 1024), 0);
  const architecture = output("dpkg", ["--print-architecture"]);
  const control = [
    `Package: ${name}`,
    `Version: ${version}-${REVISION}`,
    `Architecture: ${architecture}`,
    `Maintainer: ${maintainer}`,
    `Installed-Size: ${size}`,
    `Depends: ${depends}`,
    // Opens a finished file in its default program.
    "Recommends: xdg-utils",
    "Section: net",
    "Priority: optional",
    `Description: ${facts.summary}`,
    ...facts.description.map((text) => folded(text).map((line) => ` ${line}`)).flatMap(parted),
    "",
  ];
  put(tree, "DEBIAN/control", control.join("\n"));
  put(tree, "DEBIAN/md5sums", `${sums.join("\n")}\n`);
  // A folder is 0755 whatever the umask of this process is.
  const failed = await run("chmod", ["-R", "u=rwX,go=rX", tree], { minutes: 1 });
  if (failed) return { problem: `chmod ${failed}` };
  const file = join(out, `${name}_${version}-${REVISION}_${architecture}.deb`);
  const packed = quick ? ["-Zgzip", "-z1"] : ["-Zxz", "-z9"];
  const env = { SOURCE_DATE_EPOCH: String(written()) };
  const problem = await run("dpkg-deb", ["--root-owner-group", ...packed, "--build", tree, file], { env });
  return problem ? { problem: `dpkg-deb ${problem}` } : { file };
}

/** Paragraphs of a description, separated as Debian's format requires. */
const parted = (lines, at) => (at === 0 ? lines : [" .", ...lines]);

function documents(tree, notices) {
  const { name, version, maintainer } = facts;
  const place = (file) => join("usr", "share", "doc", name, file);
  const licence = readFileSync(join(root, "LICENSE-MIT"), "utf8").trim().split("\n").slice(4);
  const stated = licence.map((line) => (line === "" ? " ." : ` ${line}`)).join("\n");
  const copyright = readFileSync(join(data, "copyright"), "utf8").replace("@MIT@", stated);
  put(tree, place("copyright"), copyright);
  put(tree, place("changelog.gz"), compressed(readFileSync(join(root, "CHANGELOG.md"))));
  const when = new Date(written() * 1000).toUTCString().replace("GMT", "+0000");
  const log = [`${name} (${version}-${REVISION}) unstable; urgency=medium`, `  * Version ${version}.`];
  const entry = `${log.join("\n\n")}\n\n -- ${maintainer}  ${when}\n`;
  put(tree, place("changelog.Debian.gz"), compressed(entry));
  put(tree, place("third-party.gz"), compressed(notices));
  const overrides = join("usr", "share", "lintian", "overrides", name);
  put(tree, overrides, readFileSync(join(data, "lintian-overrides")));
}

/** The packages of the linked libraries, in versions that have the symbols used. */
function libraries(tree, work) {
  put(work, "debian/control", `Source: ${facts.name}\n\nPackage: ${facts.name}\nArchitecture: any\n`);
  const programs = readdirSync(join(tree, "usr", "bin")).map((name) => join(tree, "usr", "bin", name));
  const asked = spawnSync("dpkg-shlibdeps", ["-O", ...programs], { cwd: work, encoding: "utf8" });
  return /^shlibs:Depends=(.+)$/m.exec(asked.stdout ?? "")?.[1] ?? null;
}

export function files(folder) {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath ?? one.path, one.name))
    .sort();
}
