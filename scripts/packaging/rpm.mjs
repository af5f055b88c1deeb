// Packs a tree as an RPM package. Needs rpmbuild, which finds the required libraries by their own names (sonames), so
// that one package fits all distributions.
import { cpSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { root } from "../lib/paths.mjs";
import { output, run } from "../lib/run.mjs";
import { files } from "./deb.mjs";
import { facts, folded, written } from "./facts.mjs";
import { put } from "./tree.mjs";

/** Resolves with `{ file }` or `{ problem }`. */
export async function makeRpm(planted, { work, out, quick, notices }) {
  const { name, version, maintainer } = facts;
  rmSync(work, { recursive: true, force: true });
  const tree = join(work, "tree");
  cpSync(planted, tree, { recursive: true });
  // Not the same path as Debian's.
  renameSync(
    join(tree, "usr", "share", "zsh", "vendor-completions"),
    join(tree, "usr", "share", "zsh", "site-functions"),
  );
  const licences = ["LICENSE-MIT", "LICENSE-APACHE"];
  const place = (file) => join("usr", "share", "licenses", name, file);
  for (const file of licences) put(tree, place(file), readFileSync(join(root, file)));
  put(tree, place("THIRD-PARTY"), notices);
  put(tree, join("usr", "share", "doc", name, "CHANGELOG.md"), readFileSync(join(root, "CHANGELOG.md")));
  const listed = files(join(tree, "usr")).map((file) => {
    const path = `/${relative(tree, file)}`;
    if (path.startsWith("/usr/share/licenses/")) return `%license ${path}`;
    return path.startsWith("/usr/share/doc/") ? `%doc ${path}` : path;
  });
  const spec = [
    `Name: ${name}`,
    `Version: ${version}`,
    "Release: 1",
    `Summary: ${facts.summary[0].toUpperCase()}${facts.summary.slice(1)}`,
    "License: MIT OR Apache-2.0",
    `Packager: ${maintainer}`,
    "Recommends: xdg-utils",
    "Requires: hicolor-icon-theme",
    "",
    "%description",
    facts.description.map((text) => folded(text).join("\n")).join("\n\n"),
    "",
    "%install",
    `cp -a '${tree}/.' '%{buildroot}'`,
    "",
    "%files",
    "%defattr(-, root, root, 0755)",
    `%dir /usr/share/licenses/${name}`,
    `%dir /usr/share/doc/${name}`,
    ...listed,
    "",
  ];
  const file = put(work, `${name}.spec`, spec.join("\n"));
  const defined = {
    _topdir: work,
    _rpmdir: join(work, "made"),
    _rpmfilename: "%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm",
    _binary_payload: quick ? "w1.gzdio" : "w9.xzdio",
    // The programs are already stripped, and the tree is packaged as it is.
    debug_package: "%{nil}",
    __os_install_post: "%{nil}",
    _build_id_links: "none",
    // The same commit gives the same package.
    _buildhost: "localhost",
    use_source_date_epoch_as_buildtime: "1",
    clamp_mtime_to_source_date_epoch: "1",
  };
  const options = Object.entries(defined).flatMap(([key, value]) => ["--define", `${key} ${value}`]);
  const env = { SOURCE_DATE_EPOCH: String(written()) };
  const failed = await run("rpmbuild", ["-bb", "--quiet", ...options, file], { minutes: 10, env });
  if (failed) return { problem: `rpmbuild ${failed}` };
  const architecture = output("rpm", ["--eval", "%{_arch}"]);
  const made = join(work, "made", `${name}-${version}-1.${architecture}.rpm`);
  const kept = join(out, basename(made));
  renameSync(made, kept);
  return { file: kept };
}
