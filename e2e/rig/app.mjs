// One start of the real application under WebDriver: its process, its session, its log, its end.
// Knows how it is started and killed; knows nothing of downloads.
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openSession } from "./webdriver.mjs";

/**
 * Starts `binary` with `args`. `before` is shell text that runs first, as root of a mount namespace of its own: the place
 * for a small or read-only disk. What all starts print is in one file, `home/output.log`.
 */
export async function startApp({ binary, args = [], env, home, before = null }) {
  const log = join(home, "output.log");
  const pidFile = join(home, "app.pid");
  const launcher = join(home, "launch.sh");
  const mounting = join(home, "mount.sh");
  await mkdir(home, { recursive: true });
  // WebKitWebDriver starts the launcher. `exec` all along keeps its process id, so that it is the application's in the end.
  let inner = `exec "${binary}" "$@"`;
  if (before !== null) {
    // Mounting needs to be root in a name space; the application is to be nobody but who we are.
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
    /** When it was started, in ms since 1970: the launcher's last act before it becomes the application. */
    begun: (await stat(pidFile)).mtimeMs,
    /** What a power cut does to a process: no handler runs. */
    async kill() {
      process.kill(pid, "SIGKILL");
      await this.close();
    },
    /** Asks it to end, as the end of a desktop's session does, and insists only after a while. */
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

/** Waits for the end of a process that is not our child; a zombie without a parent that reaps it counts as ended. */
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
