// A test with its environment: display, bus, server, folders, and any number of starts of the application. On failure
// saves a screenshot and the application's log in e2e/out; always stops everything that it started.
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

/** Environment variables of the caller that would affect the test. */
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

/** Times out before the runner's own limit, which leaves time to save the evidence. */
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
 * Everything a test or the screenshots need, in temporary folders. `desktop`, if given, is passed to `startDesktop`,
 * whose result, with a tray and other desktop services, is `rig.desktop`. `settings` are the application's initial
 * settings; with null it is the first start.
 */
export async function openRig({ display: screen, env: more = {}, desktop, settings = {} } = {}) {
  const temp = await mkdtemp(join(tmpdir(), "millrace-e2e-"));
  // For an interrupted run, in which `close` is not called; the processes have ended by then.
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
      // the system bus is the test's own, so requests to this machine, such as sleep inhibitors, have no effect
      DBUS_SYSTEM_BUS_ADDRESS: bus.address,
      MILLRACE_HOME: home,
      MILLRACE_DOWNLOADS: folder,
      GTK_A11Y: "none",
      NO_AT_BRIDGE: "1",
      // On a display without a graphics card the window may stay blank otherwise.
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
    /** Starts the application; the previous one must have ended. Returns the user's actions in it. */
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
