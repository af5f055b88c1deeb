// A test with everything around it: display, bus, server, folders, and the application as often as it is started.
// On failure it leaves a screenshot and the application's log in e2e/out; it stops all that it started in any case.
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { appBinary, root } from "../../scripts/lib/paths.mjs";
import { startApp } from "./app.mjs";
import { startBus } from "./session-bus.mjs";
import { startDesktop } from "./fake-desktop.mjs";
import { startDisplay } from "./display.mjs";
import { startServer } from "./server.mjs";
import { downloads } from "./downloads.mjs";

const out = join(root, "e2e", "out");

/** What of the caller's surroundings would reach into the test. */
const outer = [
  "WAYLAND_DISPLAY",
  "XDG_RUNTIME_DIR",
  ...["http_proxy", "https_proxy", "all_proxy"].flatMap((name) => [name, name.toUpperCase()]),
];

/** One test. `body` gets the rig; see `openRig`, which takes `around`. */
export function scenario(name, body, { timeout = 120_000, around = {} } = {}) {
  test(name, { timeout }, async () => {
    const rig = await openRig(around);
    try {
      await inTime(body(rig), timeout - 15_000);
    } catch (error) {
      await keepEvidence(rig, name).catch((why) =>
        console.error(`no evidence could be kept: ${why.message}`),
      );
      throw error;
    } finally {
      await rig.close();
    }
  });
}

/** Ends before the runner's own limit does, so that there is time to keep the evidence. */
async function inTime(work, milliseconds) {
  let timer;
  const late = new Promise((_, reject) => {
    const why = new Error(`not done after ${milliseconds / 1000} s`);
    timer = setTimeout(() => reject(why), milliseconds);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Everything a test or the screenshots need, in folders of its own. `desktop`, if given, is what `startDesktop` takes: then
 * there is a tray, and what else asks for a desktop, as `rig.desktop`. `settings` are those that the application finds.
 */
export async function openRig({ display: screen, env: more = {}, desktop, settings } = {}) {
  const temp = await mkdtemp(join(tmpdir(), "millrace-e2e-"));
  // For an interrupted run, in which `close` has no turn; the processes are gone by then.
  const sweep = () => rmSync(temp, { recursive: true, force: true });
  process.once("exit", sweep);
  const home = join(temp, "home");
  const folder = join(temp, "downloads");
  for (const path of [home, folder, join(temp, "data")]) await mkdir(path, { recursive: true });
  const stops = [];
  const begun = async (thing) => {
    const started = await thing;
    stops.unshift(() => started.stop());
    return started;
  };
  const close = async () => {
    for (const stop of stops) await stop();
    await rm(temp, { recursive: true, force: true, maxRetries: 5 });
    process.off("exit", sweep);
  };
  try {
    const display = await begun(startDisplay(screen));
    const plain = {
      ...process.env,
      DISPLAY: display.name,
      HOME: temp,
      XDG_DATA_HOME: join(temp, "data"),
      XDG_CONFIG_HOME: join(temp, "config"),
      XDG_CACHE_HOME: join(temp, "cache"),
    };
    for (const name of outer) delete plain[name];
    const bus = await begun(startBus(plain, temp));
    const server = await begun(startServer());
    const env = {
      ...plain,
      DBUS_SESSION_BUS_ADDRESS: bus.address,
      // whoever asks this machine for something, such as not to fall asleep, asks in vain
      DBUS_SYSTEM_BUS_ADDRESS: bus.address,
      MILLRACE_HOME: home,
      MILLRACE_DOWNLOADS: folder,
      GTK_A11Y: "none",
      NO_AT_BRIDGE: "1",
      // Under a display without a graphics card the window otherwise may stay blank.
      WEBKIT_DISABLE_COMPOSITING_MODE: "1",
      WEBKIT_DISABLE_DMABUF_RENDERER: "1",
      ...more,
    };
    const rig = { temp, home, folder, env, bus, server, app: null, close };
    if (settings) {
      const stored = { version: 1, settings, folders: {} };
      await writeFile(join(home, "settings.json"), JSON.stringify(stored));
    }
    if (desktop) rig.desktop = await begun(startDesktop(env, desktop));
    /** Starts the application; the one before must have ended. Returns what a person does in it. */
    rig.start = async (options = {}) => {
      const app = await startApp({ binary: appBinary(), home, ...options, env: { ...env, ...options.env } });
      stops.unshift(() => app.close());
      rig.app = Object.assign(app, downloads(app.page));
      return rig.app;
    };
    rig.files = async () => (await readdir(folder)).sort();
    return rig;
  } catch (error) {
    await close();
    throw error;
  }
}

async function keepEvidence(rig, name) {
  const base = join(out, name.replace(/[^a-z0-9]+/gi, "-").slice(0, 80));
  await mkdir(out, { recursive: true });
  const logs = await Promise.all(
    ["app.log", "output.log"].map((log) => readFile(join(rig.home, log), "utf8").catch(() => "")),
  );
  await writeFile(`${base}.app.log`, logs.join("\n-- what it printed\n"));
  if (rig.app?.alive()) await writeFile(`${base}.png`, await rig.app.page.screenshot());
  console.error(`left for you: ${base}.{png,app.log}`);
}
