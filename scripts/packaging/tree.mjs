// Lays out the files that are the same in every Linux package: programs, desktop file, metadata, icons, manual pages,
// completions. Knows no package format.
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { appBinary, commandBinary, root, tauri } from "../lib/paths.mjs";
import { run } from "../lib/run.mjs";
import { facts, written } from "./facts.mjs";

export const data = join(root, "packaging");
const made = join(root, "gen", "command");
/** The sizes of the folders in hicolor, the icon theme that all desktops share. */
export const SIZES = [16, 22, 24, 32, 48, 64, 96, 128, 192, 256, 512];
const ICON = "millrace-app";

export const compressed = (text) => gzipSync(text, { level: 9 });

/** Writes a world-readable file below `folder`. */
export function put(folder, path, content, mode = 0o644) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

/** Fills `folder/usr`; `zsh` is the folder for zsh completions. Resolves with an error message, or null. */
export async function plant(folder, { release, zsh }) {
  rmSync(folder, { recursive: true, force: true });
  const read = (...path) => readFileSync(join(...path));
  const share = (path, content) => put(folder, join("usr", "share", path), content);
  for (const program of [appBinary({ release }), commandBinary({ release })]) {
    const name = program.slice(dirname(program).length + 1);
    const file = put(folder, join("usr", "bin", name), read(program), 0o755);
    const stripped = ["--strip-unneeded", "--remove-section=.comment", "--remove-section=.note", file];
    const failed = await run("strip", stripped, { minutes: 2 });
    if (failed) return `strip of ${name} ${failed}`;
  }
  const { identifier, version } = facts;
  share(join("applications", `${identifier}.desktop`), read(data, `${identifier}.desktop`));
  const day = new Date(written() * 1000).toISOString().slice(0, 10);
  const metadata = read(data, `${identifier}.metainfo.xml`).toString();
  share(
    join("metainfo", `${identifier}.metainfo.xml`),
    metadata.replace("@VERSION@", version).replace("@DATE@", day),
  );
  for (const page of ["millrace.1", "millrace-get.1"])
    share(join("man", "man1", `${page}.gz`), compressed(read(made, page)));
  share(join("man", "man1", "millrace-app.1.gz"), compressed(read(data, "millrace-app.1")));
  share(join("bash-completion", "completions", "millrace"), read(made, "millrace.bash"));
  share(join("zsh", zsh, "_millrace"), read(made, "_millrace"));
  share(join("fish", "vendor_completions.d", "millrace.fish"), read(made, "millrace.fish"));
  return icons(folder);
}

async function icons(folder) {
  const theme = join(folder, "usr", "share", "icons", "hicolor");
  const drawn = `${folder}-icons`;
  const sizes = SIZES.flatMap((size) => ["--png", String(size)]);
  const source = join(tauri, "icons", "icon.svg");
  const failed = await run("npx", ["tauri", "icon", source, "--output", drawn, ...sizes], { minutes: 2 });
  if (failed) return `drawing the icons ${failed}`;
  for (const size of SIZES) {
    const name = `${size}x${size}`;
    put(theme, join(name, "apps", `${ICON}.png`), readFileSync(join(drawn, `${name}.png`)));
  }
  put(theme, join("scalable", "apps", `${ICON}.svg`), readFileSync(source));
  rmSync(drawn, { recursive: true });
  return null;
}
