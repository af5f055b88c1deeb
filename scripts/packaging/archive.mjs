// Packs a tree as a plain archive, for systems with neither kind of package: unpacked into ~/.local or /usr/local it
// works.
import { cpSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/paths.mjs";
import { run } from "../lib/run.mjs";
import { facts, written } from "./facts.mjs";
import { put } from "./tree.mjs";

const ARCHITECTURES = { x64: "x86_64", arm64: "aarch64" };

/** Resolves with `{ file }` or `{ problem }`. */
export async function makeArchive(planted, { work, out, quick, notices }) {
  const title = `${facts.name}-${facts.version}-linux-${ARCHITECTURES[process.arch] ?? process.arch}`;
  rmSync(work, { recursive: true, force: true });
  const tree = join(work, title);
  cpSync(join(planted, "usr"), tree, { recursive: true });
  const zsh = join(tree, "share", "zsh");
  renameSync(join(zsh, "vendor-completions"), join(zsh, "site-functions"));
  const place = (file) => join("share", "doc", facts.name, file);
  for (const file of ["LICENSE-MIT", "LICENSE-APACHE", "CHANGELOG.md"])
    put(tree, place(file), readFileSync(join(root, file)));
  put(tree, place("THIRD-PARTY"), notices);
  const file = join(out, `${title}.tar.xz`);
  const same = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", `--mtime=@${written()}`];
  const packed = { env: { XZ_OPT: quick ? "-0" : "-9" }, minutes: 10 };
  const problem = await run("tar", ["-C", work, ...same, "--mode=u=rwX,go=rX", "-cJf", file, title], packed);
  return problem ? { problem: `tar ${problem}` } : { file };
}
