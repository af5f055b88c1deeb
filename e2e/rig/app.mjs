// One run of the real application under WebDriver: process, session, log, end. Knows how it is started and killed;
// knows nothing of downloads.
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openSession } from "./webdriver.mjs";

/**
 * Starts `binary` with `args`. `before` is shell text that runs first, as root of its own mount namespace, which is
 * where a small or read-only disk is mounted. The output of all starts is in one file, `home/output.log`.
 */
export async function startApp({ binary, args = [], env, home, before = null }) {
  const log = join(home, "output.log");
  const pidFile = join(home, "app.pid");
  const launcher = join(home, "launch.sh");
  const mounting = join(home, "mount.sh");
  await mkdir(home, { recursive: true });
  // WebKitWebDriver starts the launcher. `exec` throughout keeps its process id, which so becomes the application's.
  let inner = `exec "${binary}" "$@"`;
  if (before !== null) {
    // Mounting requires root in the namespace; the application must run as the calling user.
    const again = `exec unshare --user --map-user="$user" --map-group="$group" -- "${binary}" "$@"`;
    await writeFile(mounting, `set -e\nuser=$1 group=$2\nshift 2\n${before}\n${again}\n`);
    inner = `exec unshare --user --map-root-user --mount -- sh "${mounting}" "$(id -u)" "$(id -g)" "$@"`;
  }
  const lines = ["#!/bin/sh", `echo $$ > "${pidFile}"`, `exec >> "${log}" 2>&1`, inner, ""];
  await writeFile(launcher, lines.join("\n"), { mode: 0o755 });

  let page;
  try {
    page = await openSession({ binary: launcher, args, env });
  } catch (error) {
    throw new Error(`the application did not open: ${error.message}\n${await tail(log)}`);
  }
  const pid = Number(await readFile(pidFile, "utf8"));
  let open = true;

  return {
    page,
    pid,
    /** Start time in ms since 1970: the launcher writes the file right before it becomes the application. */
    begun: (await stat(pidFile)).mtimeMs,
    /** Kills the process as a power cut does: no handler runs. */
    async kill() {
      process.kill(pid, "SIGKILL");
      await this.close();
    },
    /** Asks it to end, as the end of a desktop session does, and kills it after a timeout. */
    async close() {
      if (!open) return;
      open = false;
      if (alive(pid)) process.kill(pid, "SIGTERM");
      await gone(pid);
      await page.close();
      if (alive(pid)) process.kill(pid, "SIGKILL");
      await gone(pid);
    },
    alive: () => alive(pid),
  };
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits for the end of a process that is not our child; a zombie whose parent does not reap it counts as ended. */
async function gone(pid) {
  for (let i = 0; i < 480 && alive(pid); i++) {
    const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ") Z");
    if (state.slice(state.lastIndexOf(")") + 2, state.lastIndexOf(")") + 3) === "Z") return;
    await sleep(25);
  }
}

async function tail(file) {
  const text = await readFile(file, "utf8").catch(() => "no log");
  return text.split("\n").slice(-20).join("\n");
}
