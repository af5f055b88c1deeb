// `npm run mutants [-- FILE...]`: runs mutation tests of the engine's domain: one small mistake after another, which
// its tests have to find. FILE is one of the folder's files, such as `state.rs`; without it, all. Takes hours, and is
// no part of `npm test`. Known survivors, with their reasons, are in scripts/lib/mutants-known.mjs.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { known } from "./lib/mutants-known.mjs";
import { judge, MODULE } from "./lib/mutants.mjs";
import { target, tauri } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";

const VERSION = "27.1.0";
const tools = join(target, "tools", `cargo-mutants-${VERSION}`);
const program = join(tools, "bin", process.platform === "win32" ? "cargo-mutants.exe" : "cargo-mutants");
const folder = join("crates", "engine", "src", MODULE);
const out = join(target, "mutants");

const files = process.argv.slice(2);
const unknown = files.filter((name) => !existsSync(join(tauri, folder, name)));
if (unknown.length > 0) {
  console.error(`usage: npm run mutants -- [FILE...]; not in ${folder}: ${unknown.join(", ")}`);
  process.exit(2);
}

const problem = (await install()) ?? (await mutate()) ?? verdict();
if (problem) {
  console.error(`mutants: ${problem}`);
  process.exitCode = 1;
}

/** No package registry has a binary of it. */
async function install() {
  if (existsSync(program)) return null;
  console.log("Compiling cargo-mutants, which takes some minutes");
  const call = ["install", "cargo-mutants", "--version", VERSION, "--locked", "--root", tools];
  const failed = await run("cargo", call, { minutes: 60, env: { CARGO_TARGET_DIR: join(out, "tool") } });
  return failed && `cargo install ${failed}`;
}

async function mutate() {
  mkdirSync(out, { recursive: true });
  const examined = (files.length === 0 ? ["**"] : files).flatMap((name) => [
    "--file",
    `${folder.replaceAll("\\", "/")}/${name}`,
  ]);
  const what = ["mutants", "--dir", tauri, "--package", "millrace-engine", ...examined, "--output", out];
  // Dependencies are compiled once for all runs; the tests take a second, and a mutant that never ends is caught by the
  // timeout.
  const env = { CARGO_TARGET_DIR: join(out, "built"), CARGO_PROFILE_DEV_DEBUG: "0" };
  const tests = ["--", "--lib", `${MODULE}::`];
  const failed = await run(program, [...what, "--minimum-test-timeout", "20", ...tests], {
    minutes: 600,
    env,
    modest: true,
  });
  // 2: some were missed, 3: some timed out. `judge` decides whether that is acceptable.
  return [null, "ended with 2", "ended with 3"].includes(failed) ? null : failed;
}

function verdict() {
  const told = JSON.parse(readFileSync(join(out, "mutants.out", "outcomes.json"), "utf8"));
  const { text, failed } = judge(told, known);
  console.log(text);
  return failed;
}
