// Builds the pages and the application; shared by start, the screenshots and the end-to-end tests.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { compileMessages } from "./messages.mjs";
import { root } from "./paths.mjs";
import { cargo, run } from "./run.mjs";

const sources = [
  "src",
  "gen",
  "index.html",
  "vite.config.ts",
  "svelte.config.js",
  "tsconfig.json",
  "package-lock.json",
];

/** Builds the pages if any source is newer. Resolves with an error message, or null. */
export async function buildPages() {
  const page = join(root, "dist", "index.html");
  if (existsSync(page) && newest(sources.map((name) => join(root, name))) < statSync(page).mtimeMs)
    return null;
  return (await compileMessages()) ?? run("npx", ["vite", "build"], { minutes: 5 });
}

/** Without it the window would connect to a development server. */
const PAGES_INSIDE = "tauri/custom-protocol";

/** A simulated engine, for measuring the window. */
const BENCH = "millrace-app/bench";

/** Features that the tests need of the libraries and of our own crates: enabled here too, so that nothing is compiled twice. */
const AS_TESTS_WANT = "tauri/test,tokio/test-util,millrace-backend/fixtures";

/**
 * The call that builds the application with the pages embedded, as `tauri build --no-bundle` does. Without `release` it
 * also enables the library features that the tests need, so that each build can be reused by the other.
 */
export const buildApp = ({ release = false } = {}) =>
  release
    ? cargo("build", "-p", "millrace-app", "--features", PAGES_INSIDE, "--release")
    : cargo(
        "build",
        "--workspace",
        "--bin",
        "millrace-app",
        "--features",
        `${PAGES_INSIDE},${AS_TESTS_WANT}`,
      );

/** The call that builds the command line. */
export const buildCommand = ({ release = false } = {}) =>
  cargo("build", "-p", "millrace-cli", ...(release ? ["--release"] : []));

/** Lints all Rust code. */
export const lintAll = () =>
  cargo("clippy", "--workspace", "--all-targets", "--features", BENCH, "--", "-D", "warnings");

/** Builds the Rust documentation, private items included, from what {@link lintAll} has compiled. */
export const documentAll = () =>
  cargo(
    "doc",
    "--workspace",
    "--no-deps",
    "--document-private-items",
    "--features",
    `${BENCH},${AS_TESTS_WANT}`,
  );

/** Every program and test of the workspace, the application as {@link buildApp} builds it. */
const everything = ["--workspace", "--features", PAGES_INSIDE];
export const buildAll = () => cargo("build", ...everything, "--all-targets");

/** Runs what {@link buildAll} has built. */
export const testAll = () => cargo("test", ...everything, "--no-fail-fast");

/** The application together with its baseline: a window without content. */
export const buildMeasured = ({ release }) => {
  const what = ["--bin", "millrace-app", "--example", "empty", "--features", "bench,tauri/custom-protocol"];
  return cargo("build", "-p", "millrace-app", ...what, ...(release ? ["--release"] : []));
};

/** The newest modification time of a file or folder below these paths; 0 for what does not exist. */
function newest(paths) {
  let latest = 0;
  for (const path of paths) {
    if (!existsSync(path)) continue;
    const info = statSync(path);
    latest = Math.max(latest, info.mtimeMs);
    if (info.isDirectory())
      latest = Math.max(latest, newest(readdirSync(path).map((name) => join(path, name))));
  }
  return latest;
}
