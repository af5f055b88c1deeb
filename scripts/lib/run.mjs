// Runs one command to its end, within a time. Knows nothing of what the command does.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "./paths.mjs";

const windows = process.platform === "win32";

/** Runs `command` with its output on ours. Resolves with null when it went well, else with what went wrong. */
export function run(command, args, { minutes = 30, env = {}, cwd = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: "inherit",
      // A group of its own, so that a command that hangs takes its children along when it is ended.
      detached: !windows,
      // npm and npx are command files on Windows, which only a shell starts.
      shell: windows,
    });
    const stop = () => end(child, "SIGKILL");
    const interrupted = (signal) => {
      stop();
      process.exit(signal === "SIGINT" ? 130 : 143);
    };
    process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      stop();
    }, minutes * 60_000);
    const finish = (problem) => {
      clearTimeout(timer);
      process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
      resolve(problem);
    };
    child.once("error", (error) => finish(`${command} could not be started: ${error.message}`));
    child.once("exit", (code, signal) => {
      if (late) finish(`not done after ${minutes} minutes`);
      else finish(code === 0 ? null : `ended with ${signal ?? code}`);
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

/** What a command prints, or null when it cannot be run or fails. */
export function output(command, args) {
  const result = spawnSync(command, args, { encoding: "utf8", shell: windows, maxBuffer: 64 << 20 });
  return result.status === 0 ? result.stdout.trim() : null;
}

export function onPath(program) {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .some((folder) => folder && existsSync(join(folder, program)));
}

/** A cargo call; the faster linker is used where it is installed, without changing what cargo believes it has built. */
export function cargo(...args) {
  const manifest = ["--manifest-path", join("src-tauri", "Cargo.toml")];
  const call = [args[0], ...manifest, ...args.slice(1)];
  if (process.platform === "linux" && onPath("mold")) return ["mold", ["-run", "cargo", ...call]];
  return ["cargo", call];
}
