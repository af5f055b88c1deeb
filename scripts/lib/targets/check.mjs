// One system that is not this one: its Rust is type-checked, what the compiler warns of is an error, and nothing is linked.
// Knows which tools each needs to come so far.
import { join } from "node:path";
import { target as built } from "../paths.mjs";
import { cargo, run } from "../run.mjs";
import { standIns } from "./standins.mjs";
import { standardLibrary } from "./std.mjs";

/** The systems beside this one, by name. */
export const targets = {
  android: { triple: "aarch64-linux-android", packages: [] },
  ios: { triple: "aarch64-apple-ios", packages: [] },
  macos: { triple: "aarch64-apple-darwin", packages: [] },
  // Its tools are free software, so here they are the real ones.
  windows: {
    triple: "x86_64-pc-windows-gnu",
    packages: ["gcc-mingw-w64-x86-64-win32", "g++-mingw-w64-x86-64-win32"],
  },
};

/**
 * Type-checks the workspace for the system of that name. `install` brings Debian packages; `only: "debian"` takes the
 * standard library's source from there. Resolves with what went wrong, or null.
 */
export async function checkTarget(name, { install, only }) {
  const { triple, packages } = targets[name];
  if (packages.length > 0) await install(packages);
  const std = await standardLibrary(triple, { only, install });
  if (typeof std === "string") return std;
  console.log(`${triple}, with ${std.way}; type-checked, not linked and not run`);
  const folder = join(built, "targets");
  const stand = standIns(join(folder, "standins"));
  const [command, args] = cargo("check", "--workspace", "--lib", "--bins", "--target", triple);
  return run(command, [...args, ...std.args], {
    minutes: 40,
    // A folder of its own: this compiler may be another one than that of the other steps.
    env: {
      ...tools(name, triple, stand),
      ...std.env,
      RUSTC_WORKSPACE_WRAPPER: stand.strict,
      CARGO_TARGET_DIR: folder,
    },
  });
}

function tools(name, triple, { bin, kit, compiler, archiver }) {
  // Its own tools are found by their names.
  if (name === "windows") return {};
  const of = (variable, value) => ({ [`${variable}_${triple.replaceAll("-", "_")}`]: value });
  const c = { ...of("CC", compiler), ...of("CXX", compiler), ...of("AR", archiver) };
  if (name === "android") return c;
  return { ...c, PATH: `${bin}:${process.env.PATH}`, SDKROOT: kit };
}
