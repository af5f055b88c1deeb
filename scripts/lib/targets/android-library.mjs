// Checks that a phone could load the app's Android library, and that it exports what Kotlin calls by name. Reads the
// library and the Kotlin; runs neither.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { tauri } from "../paths.mjs";
import { since, used } from "./android-symbols.mjs";
import { readElf } from "./elf.mjs";
import { loadedLibraries, nativeFunctions } from "./jni.mjs";

/** Page size of newer phones; they do not load a library that is laid out for smaller pages. */
const PAGE = 16_384;

/** Resolves with an error message, or null. `machine` is the processor that it is built for. */
export function checkLibrary(path, machine) {
  const library = readElf(path);
  const size = (library.size / 1e6).toFixed(1);
  const natives = nativeFunctions();
  console.log(
    `${basename(path)}: ${size} MB, unoptimised; ${library.undefined.length} names of the system's`,
  );
  console.log(`libraries (${library.needed.join(", ")}), ${natives.length} functions that Kotlin calls`);
  const wrong = problems(library, { machine, natives });
  const [, app] = readFileSync(join(tauri, "Cargo.toml"), "utf8").match(/\[lib\]\s+name = "(.+)"/);
  const loaded = loadedLibraries(app);
  if (loaded.length === 0) wrong.push("no Kotlin loads a library");
  for (const name of loaded) if (`lib${name}.so` !== basename(path)) wrong.push(`Kotlin loads lib${name}.so`);
  return wrong.length === 0 ? null : `${basename(path)} for ${machine}:\n${wrong.join("\n")}`;
}

/** What is wrong with a library as read by `readElf`: a list of sentences. */
export function problems(library, { machine, natives }) {
  const wrong = [];
  if (library.machine !== machine) wrong.push(`it is for ${library.machine}`);
  const exported = new Set(library.exported);
  for (const { name, where } of natives)
    if (!exported.has(name)) wrong.push(`${name} is missing, which ${where} declares`);
  const known = new Set(Object.values(used).flat());
  for (const name of library.undefined) {
    const level = since(name);
    if (level !== null)
      wrong.push(`${name} is in Android since API ${level}, and the app runs from API 24 on`);
    else if (!known.has(name)) wrong.push(`${name} is not known to be in Android 7: see android-symbols.mjs`);
  }
  const libraries = Object.keys(used).map((name) => `lib${name}.so`);
  for (const name of library.needed) if (!libraries.includes(name)) wrong.push(`it wants ${name}`);
  if (library.textRelocations) wrong.push("it has text relocations, which Android refuses");
  if (library.loads.some(({ align }) => align % PAGE !== 0))
    wrong.push(`not all of it is aligned to ${PAGE}`);
  return wrong;
}
