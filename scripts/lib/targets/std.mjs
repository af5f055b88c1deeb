// Finds another system's standard library in three ways, the quickest first: the installed compiler already has it;
// rustup fetches it; Debian's compiler builds it from Debian's source. Does not know what is checked.
import { existsSync } from "node:fs";
import { run, output } from "../run.mjs";

const DEBIAN = "/usr/bin/rustc";

/**
 * How to call cargo for this triple: `{ way, env, args }`. `only: "debian"` skips the first two ways. Resolves with a
 * string when there is no way, which names what to install. `crates` are those to build from Debian's source.
 */
export async function standardLibrary(triple, { only, install, crates = "std,panic_abort" }) {
  const ready = { way: "the compiler's own library", env: {}, args: [] };
  if (only !== "debian") {
    if (has("rustc", triple)) return ready;
    if (output("rustup", ["--version"]) !== null) {
      const failed = await run("rustup", ["target", "add", triple], { minutes: 5 });
      if (failed === null && has("rustc", triple)) return { ...ready, way: "rustup's library" };
    }
  }
  try {
    await install(["rustc-web", "rust-web-src"]);
  } catch (error) {
    return `the standard library of ${triple} is missing: 'rustup target add ${triple}' brings it (${error.message})`;
  }
  return {
    way: "Debian's source of the library",
    // Building the library is a nightly feature; this variable allows it on Debian's compiler.
    env: { RUSTC: DEBIAN, RUSTC_BOOTSTRAP: "1" },
    args: [`-Zbuild-std=${crates}`],
  };
}

function has(rustc, triple) {
  const folder = output(rustc, ["--print", "target-libdir", "--target", triple]);
  return folder !== null && existsSync(folder);
}
