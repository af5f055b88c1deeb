// Type-checks the workspace for other systems: compiler warnings are errors, and nothing is linked. Knows which tools
// each system needs for that.
import { join } from "node:path";
import { target as built } from "../paths.mjs";
import { cargo, run } from "../run.mjs";
import { forAll } from "./profile.mjs";
import { standIns } from "./fake-toolchain.mjs";
import { standardLibrary } from "./std.mjs";

/** By name: the triple, and which packages of the workspace are checked for it. */
export const targets = {
  // Old phones; for the others the library is linked.
  "android-armv7": {
    triple: "armv7-linux-androideabi",
    what: ["-p", "millrace-app", "--lib"],
    packages: [],
  },
  macos: { triple: "aarch64-apple-darwin", what: ["--workspace", "--lib", "--bins"], packages: [] },
  windows: {
    triple: "x86_64-pc-windows-gnu",
    what: ["--workspace", "--lib", "--bins"],
    // Its tests are built with the same standard library.
    stdCrates: "std,panic_unwind,panic_abort,test",
    // The compiler for the program's icon and version is free software, so the real one is used here.
    packages: ["gcc-mingw-w64-x86-64-win32", "g++-mingw-w64-x86-64-win32"],
  },
};

/**
 * Type-checks the workspace for the system of that name. `install` installs Debian packages; `only: "debian"` takes the
 * standard library's source from there. Resolves with an error message, or null.
 */
export async function checkTarget(name, { install, only }) {
  const { triple, what, packages, stdCrates } = targets[name];
  if (packages.length > 0) await install(packages);
  const std = await standardLibrary(triple, { only, install, crates: stdCrates });
  if (typeof std === "string") return std;
  console.log(`${triple}, with ${std.way}; type-checked, not linked and not run`);
  const folder = join(built, "targets");
  const stand = standIns(join(folder, "standins"));
  const env = { ...forAll(folder, stand), ...tools(name, triple, stand), ...std.env };
  const [command, args] = cargo("check", ...what, "--target", triple);
  return run(command, [...args, ...std.args], { minutes: 40, env });
}

function tools(name, triple, stand) {
  const c = standInTools(triple, stand);
  return name === "macos" ? { ...c, ...appleKit(stand) } : c;
}

/**
 * A fake C compiler and archiver that produce nothing: type checks, and libraries linked elsewhere, need no code from
 * them.
 */
export function standInTools(triple, { compiler, archiver }) {
  const of = (variable, value) => ({ [`${variable}_${triple.replaceAll("-", "_")}`]: value });
  return { ...of("CC", compiler), ...of("CXX", compiler), ...of("AR", archiver) };
}

export const appleKit = ({ bin, kit }) => ({ PATH: `${bin}:${process.env.PATH}`, SDKROOT: kit });
