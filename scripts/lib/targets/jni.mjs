// Reads which native functions the Kotlin of the app, its plugins, Tauri and wry declares, and the symbol by which Java
// looks up each. Reads the Kotlin that is built into the app; does not know the library.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { tauri } from "../paths.mjs";
import { output } from "../run.mjs";

/** `[{ name, where }]`: the symbol, and its declaration. Throws when there are none. */
export function nativeFunctions() {
  const app = JSON.parse(readFileSync(join(tauri, "tauri.conf.json"), "utf8")).identifier;
  const found = kotlinFiles().flatMap((file) => declared(readFileSync(file, "utf8"), app));
  if (found.length === 0)
    throw new Error("no Kotlin declares a native function: it is looked for in the wrong place");
  return found;
}

/**
 * The names of the libraries that Kotlin loads. `app` replaces Tauri's placeholder: Cargo's name of the app's library.
 */
export function loadedLibraries(app) {
  const calls = kotlinFiles().flatMap((file) => [
    ...readFileSync(file, "utf8").matchAll(/System\.loadLibrary\("(.+?)"\)/g),
  ]);
  return calls.map(([, name]) => name.replace("{{library}}", app));
}

/** All Kotlin files of the Android app. */
function kotlinFiles() {
  const manifest = join(tauri, "Cargo.toml");
  const options = ["--format-version", "1", "--locked", "--manifest-path", manifest];
  const told = output("cargo", ["metadata", ...options, "--filter-platform", "aarch64-linux-android"]);
  if (told === null) throw new Error("cargo does not say what the app is made of");
  const crates = JSON.parse(told).packages.map((one) => dirname(one.manifest_path));
  const places = ["android/src/main", "mobile/android/src/main", "src/android/kotlin"];
  const folders = crates.flatMap((crate) => places.map((place) => join(crate, ...place.split("/"))));
  folders.push(join(tauri, "gen", "android", "app", "src", "main"));
  return folders.filter(existsSync).flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .filter((name) => name.endsWith(".kt"))
      .map((name) => join(folder, name)),
  );
}

/** The declarations of one file. `app` is the package of files that are made from a template. */
export function declared(source, app) {
  const place = source.match(/^package ([\w.`{}-]+)/m)?.[1] ?? "";
  const space = place.replaceAll("`", "").replace("{{package}}", app);
  const found = [];
  // Scopes open at a line are those that began further to the left: all of these files are indented.
  let holders = [];
  for (const line of source.split("\n")) {
    const [, before, opened] =
      line.match(/^(\s*)(?:@\w+\s+|\w+\s+)*(?:class|object|interface)\s+(\w+)/) ?? [];
    if (opened) {
      holders = holders.filter((one) => one.indent < before.length);
      holders.push({ name: opened, indent: before.length });
    }
    const [, indent, native] = line.match(/^(\s*)(?:@\w+\s+|\w+\s+)*external\s+fun\s+(\w+)/) ?? [];
    if (!native) continue;
    const within = holders.filter((one) => one.indent < indent.length).map((one) => one.name);
    found.push({
      // A nested class is separated by a sign that is written as its code point.
      name: ["Java", mangled(space), within.map(mangled).join("_00024"), mangled(native)].join("_"),
      where: [space, ...within].join("."),
    });
  }
  return found;
}

/** A name in JNI's escaped form. */
const mangled = (name) => name.replaceAll("_", "_1").replaceAll(".", "_");
