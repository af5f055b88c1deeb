// `node scripts/release/notes.mjs TAG [FOLDER]`: prints the changelog's section for a tag; with a folder, also writes
// `SHA256SUMS` there, for all its files. Fails if the tag, the programs and the changelog do not agree.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root, tauri } from "../lib/paths.mjs";

/** The version that all files state. Throws when two differ. */
export function version() {
  const pages = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
  const manifest = readFileSync(join(tauri, "Cargo.toml"), "utf8");
  const programs = /\[workspace\.package\]\nversion = "([^"]+)"/.exec(manifest.replaceAll("\r\n", "\n"))?.[1];
  if (pages !== programs) throw new Error(`package.json says ${pages}, src-tauri/Cargo.toml ${programs}`);
  return pages;
}

/** The changelog's section for a tag. */
export function notes(tag, changelog, stated = version()) {
  if (tag !== `v${stated}`) throw new Error(`the tag is ${tag}, and the programs are ${stated}`);
  const sections = changelog.replaceAll("\r\n", "\n").split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${stated}]`));
  if (section === undefined) throw new Error(`CHANGELOG.md has no section [${stated}]`);
  return section.slice(section.indexOf("\n")).trim();
}

/** In the format of `sha256sum -c`. */
export function sums(folder) {
  const names = readdirSync(folder).filter((name) => name !== "SHA256SUMS");
  if (names.length === 0) throw new Error(`nothing to release in ${folder}`);
  const lines = names.sort().map((name) => {
    const sum = createHash("sha256").update(readFileSync(join(folder, name)));
    return `${sum.digest("hex")}  ${name}\n`;
  });
  return lines.join("");
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [tag, folder] = process.argv.slice(2);
  const text = notes(tag, readFileSync(join(root, "CHANGELOG.md"), "utf8"));
  if (folder !== undefined) writeFileSync(join(folder, "SHA256SUMS"), sums(folder));
  console.log(text);
}
