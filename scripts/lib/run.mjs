// Runs one command to its end, with a timeout. Does not know what the command does.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { constants, getPriority, setPriority } from "node:os";
import { delimiter, join } from "node:path";
import { finished } from "node:stream/promises";
import { root } from "./paths.mjs";

const windows = process.platform === "win32";
const watched = process.stdout.isTTY === true;

/** Running children, each the leader of its own process group. */
const running = new Set();

/** The end of the programs' output when not on a terminal: of a log of hours often only a part is kept. */
let printed = "";
const kept = 6_000;

/**
 * The latest output since the previous call, at most `kept` characters. What programs print on a terminal is not
 * kept.
 */
export function lastPrinted() {
  const last = printed;
  printed = "";
  return last;
}

/**
 * Runs `command` with its output on ours, or into the open file `log`. Resolves with null on success, else with an
 * error message. A `modest` one gets only the processor time that others leave.
 */
export function run(command, args, { minutes = 30, env = {}, cwd = root, log, modest = false } = {}) {
  return new Promise((resolve) => {
    // Before it starts, so that no child is left behind.
    if (running.size === 0) process.on("SIGINT", interrupted).on("SIGTERM", interrupted);
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: log !== undefined ? ["ignore", log, log] : watched ? "inherit" : ["inherit", "pipe", "pipe"],
      // Its own process group, so that the children of a hung command are ended with it.
      detached: !windows,
      // npm and npx are command files on Windows, which only a shell can start.
      shell: windows,
    });
    passOn(child.stdout, process.stdout);
    passOn(child.stderr, process.stderr);
    yieldTo(child, modest ? constants.priority.PRIORITY_LOW : getPriority());
    running.add(child);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      void stop(child);
    }, minutes * 60_000);
    const finish = (problem) => {
      clearTimeout(timer);
      running.delete(child);
      if (running.size === 0) process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
      resolve(problem);
    };
    child.once("error", (error) => finish(`${command} could not be started: ${error.message}`));
    child.once("exit", async (code, signal) => {
      await allPassedOn(child);
      if (late) finish(`not done after ${minutes} minutes`);
      else finish(code === 0 ? null : `ended with ${signal ?? code}`);
    });
  });
}

function passOn(from, to) {
  from?.on("data", (data) => print(data, to));
}

/** Prints output of a program. */
export function print(data, to = process.stdout) {
  to.write(data);
  printed = (printed + data).slice(-kept);
}

/** Reads the output of an ended program to its end, unless a process that it left behind keeps the pipe open. */
async function allPassedOn({ stdout, stderr }) {
  const pipes = [stdout, stderr].filter((pipe) => pipe !== null);
  const signal = AbortSignal.timeout(2_000);
  await Promise.allSettled(pipes.map((pipe) => finished(pipe, { signal })));
  for (const pipe of pipes) pipe.destroy();
}

/**
 * Lowers the priority of a child, which its own children inherit. On Linux that applies within a session only, and each
 * child is a session: they share the processor evenly unless configured otherwise (sched(7), autogroup).
 */
function yieldTo({ pid }, priority) {
  if (pid === undefined || priority <= 0) return;
  setPriority(pid, priority);
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(priority));
  } catch {
    // No autogroups on this system, or they were changed a moment ago: the child only takes more than its share.
  }
}

async function interrupted(signal) {
  await Promise.all([...running].map(stop));
  process.exit(signal === "SIGINT" ? 130 : 143);
}

/** Asks a child and its descendants to end, and kills what is left of them after five seconds. */
function stop(child) {
  end(child, "SIGTERM");
  const late = setTimeout(() => end(child, "SIGKILL"), 5_000);
  return new Promise((resolve) => {
    child.once("exit", () => {
      clearTimeout(late);
      end(child, "SIGKILL");
      resolve();
    });
  });
}

function end(child, signal) {
  try {
    if (windows) spawnSync("taskkill", ["/pid", String(child.pid), "/t", "/f"]);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** The output of a command, or null when it cannot be run or fails. */
export function output(command, args) {
  const result = spawnSync(command, args, { encoding: "utf8", shell: windows, maxBuffer: 64 << 20 });
  return result.status === 0 ? result.stdout.trim() : null;
}

export function onPath(program) {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .some((folder) => folder && existsSync(join(folder, program)));
}

/** A cargo call; the faster linker is used if it is installed, without changing cargo's fingerprints. */
export function cargo(...args) {
  const manifest = ["--manifest-path", join("src-tauri", "Cargo.toml")];
  const call = [args[0], ...manifest, ...args.slice(1)];
  if (process.platform === "linux" && onPath("mold")) return ["mold", ["-run", "cargo", ...call]];
  return ["cargo", call];
}
