// `node scripts/release/gather.mjs BUILT NAME OUT`: copies the release files from a build folder into OUT: the
// installers of Tauri's bundler, and the command line, with NAME in its file name. Fails if either is missing.
import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

const INSTALLER = /(\.dmg|\.msi|-setup\.exe)$/;

/** Returns the names of the copies. */
export function gather(built, name, out) {
  const bundle = join(built, "bundle");
  const entries = existsSync(bundle) ? readdirSync(bundle, { recursive: true, withFileTypes: true }) : [];
  const installers = entries
    .filter((one) => one.isFile() && INSTALLER.test(one.name))
    .map((one) => join(one.parentPath ?? one.path, one.name));
  const programs = ["", ".exe"].map((end) => [join(built, `millrace${end}`), `millrace-${name}${end}`]);
  const found = programs.filter(([file]) => existsSync(file));
  if (installers.length === 0) throw new Error(`no installer below ${bundle}`);
  if (found.length === 0) throw new Error(`no command line in ${built}`);
  mkdirSync(out, { recursive: true });
  const copies = [...installers.map((file) => [file, basename(file)]), ...found];
  for (const [file, copy] of copies) copyFileSync(file, join(out, copy));
  return copies.map(([, copy]) => copy).sort();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [built, name, out] = process.argv.slice(2);
  console.log(gather(built, name, out).join("\n"));
}
