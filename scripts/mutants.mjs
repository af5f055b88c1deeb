// `npm run mutants [-- FILE...]`: puts one small mistake after another into the decisions of the engine and runs their tests, which have
// to find it. FILE is one of the folder's, `state.rs`; without, all. Takes hours, and is no part of `npm test`. What is known to survive, with
// its reason, is in scripts/lib/mutants-known.mjs.
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

/** No registry has it built. */
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
  // What they depend on is compiled once for all runs; their tests take a second, and a mistake that never ends is found by the clock.
  const env = { CARGO_TARGET_DIR: join(out, "built"), CARGO_PROFILE_DEV_DEBUG: "0" };
  const tests = ["--", "--lib", `${MODULE}::`];
  const failed = await run(program, [...what, "--minimum-test-timeout", "20", ...tests], {
    minutes: 600,
    env,
    modest: true,
  });
  // 2: some were missed, 3: some took too long. Whether that is well is said below.
  return [null, "ended with 2", "ended with 3"].includes(failed) ? null : failed;
}

function verdict() {
  const told = JSON.parse(readFileSync(join(out, "mutants.out", "outcomes.json"), "utf8"));
  const { text, failed } = judge(told, known);
  console.log(text);
  return failed;
}
