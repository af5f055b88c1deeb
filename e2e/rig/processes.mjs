// Child processes of the rig: each runs in its own group, is stopped by its own id, and none outlives the test run.
// Does not know what the processes are for.
import { spawn } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const running = new Set();

/** Starts a process in its own group. `lines` collects its output; `waitFor(regex)` resolves with the match. */
export function start(command, args, { env, cwd, stdin = "ignore" } = {}) {
  const child = spawn(command, args, {
    env,
    cwd,
    detached: true,
    stdio: [stdin, "pipe", "pipe"],
  });
  const process = { child, name: command, lines: [], waitFor, stop: () => stop(process) };
  const watchers = new Set();
  running.add(process);
  const ended = new Promise((resolve) => {
    child.once("error", (error) => resolve(`could not start: ${error.message}`));
    child.once("exit", (code, signal) => resolve(`ended with ${signal ?? code}`));
  }).then((how) => {
    running.delete(process);
    return how;
  });
  process.ended = ended;
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream.setEncoding("utf8").on("data", (text) => {
      const parts = (rest + text).split("\n");
      rest = parts.pop();
      process.lines.push(...parts);
      for (const watcher of watchers) watcher();
    });
  }
  return process;

  function waitFor(pattern, milliseconds = 10_000) {
    return new Promise((resolve, reject) => {
      const finish = (settle, value) => {
        clearTimeout(timer);
        watchers.delete(look);
        settle(value);
      };
      const look = () => {
        for (const line of process.lines) {
          const match = pattern.exec(line);
          if (match) return finish(resolve, match);
        }
      };
      const fail = (why) =>
        finish(reject, new Error(`${command} ${why}; it said: ${process.lines.slice(-5).join(" | ")}`));
      const timer = setTimeout(() => fail(`did not print ${pattern} in ${milliseconds} ms`), milliseconds);
      ended.then(fail);
      watchers.add(look);
      look();
    });
  }
}

/** A process and all its descendants, `{ pid, name }` each; the process itself first. */
export async function familyOf(pid) {
  const all = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => null);
    if (stat === null) continue;
    const [name, end] = [stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")")), stat.lastIndexOf(")")];
    all.push({ pid: Number(entry), name, parent: Number(stat.slice(end + 2).split(" ")[1]) });
  }
  const found = all.filter((one) => one.pid === pid);
  for (const one of found) found.push(...all.filter((other) => other.parent === one.pid));
  return found.map(({ pid: id, name }) => ({ pid: id, name }));
}

/** The web process of the application `pid`. */
export async function webProcessOf(pid) {
  const family = await familyOf(pid);
  const web = family.find(({ name }) => name.startsWith("WebKitWebProces"));
  if (web === undefined) throw new Error(`no web process below ${pid}: ${JSON.stringify(family)}`);
  return web.pid;
}

/** Asks the group to end, then kills it. */
async function stop(process) {
  running.delete(process);
  signal(process, "SIGTERM");
  const gone = await Promise.race([process.ended, sleep(3000, null, { ref: false })]);
  // The group's leader may have ended before its children.
  signal(process, "SIGKILL");
  if (gone === null) await process.ended;
}

function signal(process, name) {
  if (process.child.pid === undefined) return;
  try {
    globalThis.process.kill(-process.child.pid, name);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

function stopAllNow() {
  for (const process of running) signal(process, "SIGKILL");
}

process.once("exit", stopAllNow);
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(name, () => {
    stopAllNow();
    process.exit(130);
  });
}
