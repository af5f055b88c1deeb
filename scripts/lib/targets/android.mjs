// Builds and links the app's Android library as far as possible without Android's kit: everything except the system
// libraries, which are stubs. Checks that a phone could load it and that it exports what Kotlin calls.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { target } from "../paths.mjs";
import { cargo, run } from "../run.mjs";
import { kit, used } from "./android-symbols.mjs";
import { checkLibrary } from "./android-library.mjs";
import { forAll } from "./profile.mjs";
import { standIns } from "./fake-toolchain.mjs";
import { standardLibrary } from "./std.mjs";
import { zigFor } from "./zig.mjs";

/** Zig's name of each processor, by Rust's. */
const processors = {
  "aarch64-linux-android": "aarch64-linux-musl",
  "x86_64-linux-android": "x86_64-linux-musl",
};

/** Resolves with an error message, or null. `install` installs Debian packages; `only` as for `standardLibrary`. */
export async function linkAndroid(triple, { install, only }) {
  const std = await standardLibrary(triple, { only, install });
  if (typeof std === "string") return std;
  console.log(`${triple}, with ${std.way}; linked with stand-ins for Android's own libraries, and not run`);
  const folder = join(target, "targets");
  try {
    const zig = await zigFor(processors[triple], join(folder, "zig", triple), { install });
    const system = join(folder, "zig", triple, "system");
    const failed = await androidLibraries(zig, system);
    if (failed) return failed;
    const problem = await build(triple, { zig, system, std, folder });
    if (problem) return problem;
  } catch (error) {
    return error.message;
  }
  return checkLibrary(join(folder, triple, "debug", "libmillrace_app.so"), triple.split("-")[0]);
}

function build(triple, { zig, system, std, folder }) {
  const name = triple.replaceAll("-", "_");
  const what = ["-p", "millrace-app", "--lib", "--target", triple, "--crate-type", "cdylib"];
  const [command, args] = cargo("rustc", ...what);
  return run(command, [...args, ...std.args], {
    minutes: 40,
    env: {
      ...forAll(folder, standIns(join(folder, "standins"))),
      ...std.env,
      ...zig.env,
      [`CC_${name}`]: zig.cc,
      [`AR_${name}`]: zig.ar,
      [`CARGO_TARGET_${name.toUpperCase()}_LINKER`]: zig.linker,
      [`CARGO_TARGET_${name.toUpperCase()}_RUSTFLAGS`]: `-L ${system}`,
    },
  });
}

/** Stub libraries with the symbols of the system's and nothing else, and the kit's archives. */
async function androidLibraries({ cc, ar, env }, folder) {
  mkdirSync(folder, { recursive: true });
  for (const [name, symbols] of Object.entries(used)) {
    const source = assembler(folder, name, symbols);
    const options = ["-shared", "-nostdlib", `-Wl,-soname,lib${name}.so`];
    const failed = await run(cc, [...options, "-o", join(folder, `lib${name}.so`), source], { env });
    if (failed) return failed;
  }
  const object = join(folder, "kit.o");
  const failed = await run(cc, ["-c", "-o", object, assembler(folder, "kit", kit)], { env });
  return failed ?? (await run(ar, ["rcs", join(folder, "libunwind.a"), object], { env }));
}

function assembler(folder, name, symbols) {
  const path = join(folder, `${name}.s`);
  const lines = symbols.flatMap((one) => [`.globl ${one}`, `.type ${one}, %function`, `${one}:`]);
  writeFileSync(path, ["  .text", ...lines, "  .byte 0", ""].join("\n"));
  return path;
}
