// Builds the pages and the application that start, the screenshots and the end-to-end tests share.
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

/** Builds the pages when any source is newer than they are. Resolves with what went wrong, or null. */
export async function buildPages() {
  const page = join(root, "dist", "index.html");
  if (existsSync(page) && newest(sources.map((name) => join(root, name))) < statSync(page).mtimeMs)
    return null;
  return (await compileMessages()) ?? run("npx", ["vite", "build"], { minutes: 5 });
}

/** Without it the window would look for a development server. */
const PAGES_INSIDE = "tauri/custom-protocol";

/** A made-up engine, to measure the window with. */
const BENCH = "millrace-app/bench";

/** What the tests want of the libraries: with it, nothing is compiled twice where tests are compiled, too. */
const AS_TESTS_WANT = "tauri/test,tokio/test-util";

/**
 * The call that builds the application with the pages inside, as `tauri build --no-bundle` does. Without `release` it has the features
 * of the libraries that the tests want, too: so what is built for one is there for the other.
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

/** Reads all of Rust. */
export const lintAll = () =>
  cargo("clippy", "--workspace", "--all-targets", "--features", BENCH, "--", "-D", "warnings");

/** The pages about Rust's types and functions, those that no other crate sees included, from what {@link lintAll} has compiled. */
export const documentAll = () =>
  cargo(
    "doc",
    "--workspace",
    "--no-deps",
    "--document-private-items",
    "--features",
    `${BENCH},${AS_TESTS_WANT}`,
  );

/** Every program and test of the workspace, the application as {@link buildApp} makes it. */
const everything = ["--workspace", "--features", PAGES_INSIDE];
export const buildAll = () => cargo("build", ...everything, "--all-targets");

/** Runs what {@link buildAll} has built. */
export const testAll = () => cargo("test", ...everything, "--no-fail-fast");

/** The application together with what the window is measured against: a window with nothing in it. */
export const buildMeasured = ({ release }) => {
  const what = ["--bin", "millrace-app", "--example", "empty", "--features", "bench,tauri/custom-protocol"];
  return cargo("build", "-p", "millrace-app", ...what, ...(release ? ["--release"] : []));
};

/** The newest change of a file, or of a folder's list of files, below these paths; 0 for what does not exist. */
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
