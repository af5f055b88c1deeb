// Repeats work only when its inputs have changed.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Calls `make` unless `note` records that it succeeded for the same `of`; files count by their contents. */
export async function once(note, of, make) {
  const wanted = digest(of);
  if (existsSync(note) && readFileSync(note, "utf8") === wanted) return;
  await make();
  writeFileSync(note, wanted);
}

function digest(parts) {
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(`${part}\0`);
    if (!existsSync(part)) continue;
    for (const file of filesBelow(part)) hash.update(`${file}\0`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** All files below a folder, in order; for a file, the file itself. */
export function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}
