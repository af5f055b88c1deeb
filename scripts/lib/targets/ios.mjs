// Builds the app's iOS library up to what Xcode links: everything in Rust. Checks that it exports the entry point that
// Xcode's code calls. C code is left out: Apple's headers are not available.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { target, tauri } from "../paths.mjs";
import { cargo, run } from "../run.mjs";
import { archiveSymbols } from "./archive.mjs";
import { appleKit, standInTools } from "./check.mjs";
import { forAll } from "./profile.mjs";
import { standIns } from "./fake-toolchain.mjs";
import { standardLibrary } from "./std.mjs";

const TRIPLE = "aarch64-apple-ios";

/** Resolves with an error message, or null. `install` installs Debian packages; `only` as for `standardLibrary`. */
export async function buildIos({ install, only }) {
  const std = await standardLibrary(TRIPLE, { only, install });
  if (typeof std === "string") return std;
  console.log(`${TRIPLE}, with ${std.way}; built without its C, not linked and not run`);
  const folder = join(target, "targets");
  const stand = standIns(join(folder, "standins"));
  const what = ["-p", "millrace-app", "--lib", "--target", TRIPLE, "--crate-type", "staticlib"];
  const [command, args] = cargo("rustc", ...what);
  const failed = await run(command, [...args, ...std.args], {
    minutes: 40,
    env: { ...forAll(folder, stand), ...standInTools(TRIPLE, stand), ...appleKit(stand), ...std.env },
  });
  return failed ?? checkArchive(join(folder, TRIPLE, "debug", "libmillrace_app.a"));
}

/** Checks that everything that `main.mm` calls exists. */
function checkArchive(path) {
  const main = readFileSync(join(tauri, "gen", "apple", "Sources", "millrace-app", "main.mm"), "utf8");
  const called = [...main.matchAll(/ffi::(\w+)\(/g)].map(([, name]) => name);
  if (called.length === 0) return "main.mm calls nothing of the library";
  const offered = new Set(archiveSymbols(path) ?? []);
  console.log(
    `${(statSync(path).size / 1e6).toFixed(1)} MB, unoptimised; main.mm calls ${called.join(", ")}`,
  );
  // C symbols have a leading underscore in Apple's libraries.
  const missing = called.filter((name) => !offered.has(`_${name}`));
  return missing.length === 0
    ? null
    : `${missing.join(", ")} is missing in the library, and main.mm calls it`;
}
