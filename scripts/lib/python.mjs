// Python packages in pinned versions for checks that need them: each set in a virtual environment below the build
// folder. Does not know what they are used for.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { target } from "./paths.mjs";
import { run } from "./run.mjs";

// Debian's Python, which the package below belongs to; another one on the path may lack `venv`.
const DEBIAN = "/usr/bin/python3";

/**
 * The Python interpreter with exactly these packages, each a line of a requirements file: `name==version`, with the
 * hashes of its files if it ships a program. `install` installs Debian packages. Throws with a sentence to show.
 */
export async function pythonWith(name, packages, { install }) {
  const folder = join(target, "python", name);
  const python = join(folder, "bin", "python");
  const note = join(folder, "packages.txt");
  const wanted = packages.join("\n");
  // Written last: a half-installed set has no marker.
  if (existsSync(note) && readFileSync(note, "utf8") === wanted) return python;
  await install(["python3", "python3-venv"]);
  rmSync(folder, { recursive: true, force: true });
  const made = await run(DEBIAN, ["-m", "venv", folder], { minutes: 5 });
  const list = join(folder, "requirements.txt");
  if (made === null) writeFileSync(list, wanted);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"];
  const failed = made ?? (await run(python, [...pip, "-r", list], { minutes: 10 }));
  if (failed) throw new Error(`Python has no ${packages.join(", ")}: ${failed}`);
  renameSync(list, note);
  return python;
}
