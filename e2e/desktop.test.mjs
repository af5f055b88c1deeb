// Desktop integration: the tray, closing the window without ending the app, the dock, sleep inhibition, and the
// window's position.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { appBinary } from "../scripts/lib/paths.mjs";
import { rowOf } from "./rig/downloads.mjs";
import { start } from "./rig/processes.mjs";
import { scenario } from "./rig/scenario.mjs";
import { eventually } from "./rig/webdriver.mjs";

const MB = 1024 * 1024;
const around = { desktop: { tray: true }, settings: { closeToTray: true } };

/** The tray menu once it satisfies `wanted`. */
function menu(rig, what, wanted) {
  return eventually(what, 10_000, async () => {
    const now = await rig.desktop.menu();
    return wanted(now) ? now : null;
  });
}

const row = (menu, label) => menu.rows.find((one) => one.label === label);

/** Closes the window and waits until it is gone. */
async function closeWindow(rig) {
  assert.equal(await rig.desktop.window("close"), 1, "there is one window");
  await eventually("the window is gone", 10_000, async () => (await rig.desktop.window("count")) === 0);
}

/** Waits for the reopened window and attaches the driver to it. */
async function again(rig, app) {
  await eventually("a window", 15_000, async () => (await rig.desktop.window("count")) === 1);
  await eventually("the driver sees it", 10_000, async () => {
    const [window] = await app.page.windows();
    if (window === undefined) return null;
    await app.page.turnTo(window);
    return true;
  });
}

scenario(
  "the tray says how fast it goes, pauses, resumes, slows and ends",
  async (rig) => {
    const file = rig.server.serve("/tray.bin", { size: 40 * MB, seed: 31, rate: MB });
    const app = await rig.start();
    const idle = await menu(rig, "the menu", (menu) => menu.rows.length > 0);
    assert.equal(idle.tip, "Nothing is downloading");
    assert.equal(row(idle, "Pause all").enabled, false);

    const id = await app.add(file.url);
    await menu(rig, "the tray says how fast", (menu) => /^1 active, [\d.]+ [kM]B\/s$/.test(menu.tip));
    rig.desktop.click("Pause all");
    await app.until(id, "paused");
    const paused = await menu(rig, "it can be resumed", (menu) => row(menu, "Resume all").enabled);
    assert.equal(row(paused, "Pause all").enabled, false);
    rig.desktop.click("Resume all");
    await app.until(id, "running");

    rig.desktop.click("Slow mode");
    await menu(rig, "slow mode is ticked", (menu) => row(menu, "Slow mode").ticked);
    const settings = await app.page.runAsync(
      "const done = arguments[arguments.length - 1]; window.__TAURI_INTERNALS__.invoke('settings').then(done)",
    );
    assert.equal(settings.slow, true);

    rig.desktop.click("Quit");
    await eventually("the application ends", 15_000, async () => !app.alive());
    assert.match(await readFile(join(rig.home, "app.log"), "utf8"), /stopped\n$/);
  },
  { around },
);

scenario(
  "closed to the tray the core goes on alone, and the window comes back to its list",
  async (rig) => {
    const file = rig.server.serve("/alone.bin", { size: 12 * MB, seed: 32, rate: 2 * MB });
    const app = await rig.start();
    const id = await app.add(file.url);
    await app.until(id, (row) => row.received > MB);

    await closeWindow(rig);
    assert.ok(app.alive(), "the application goes on");
    await rig.bus.notification((one) => one.summary === "alone.bin" && one.body === "Download complete");

    rig.desktop.activate();
    await again(rig, app);
    assert.equal((await app.until(id, "done")).received, 12 * MB);

    await closeWindow(rig);
    const other = start(appBinary(), [], { env: rig.env });
    await again(rig, app);
    assert.equal(await other.ended, "ended with 0");
    await app.until(id, "done");

    await closeWindow(rig);
    rig.desktop.answer(1, "default");
    await again(rig, app);
    await app.page.find(`[data-testid="details"][data-id="${id}"]`);
    assert.ok(await app.shown(rowOf(id)));
  },
  { around },
);

scenario(
  "without a tray the end of the window is the end of the app",
  async (rig) => {
    const app = await rig.start();
    await app.page.find('[data-testid="empty-state"]');
    await sleep(500);
    assert.equal(await rig.desktop.window("close"), 1);
    await eventually("the application ends", 15_000, async () => !app.alive());
  },
  { around: { ...around, desktop: { tray: false } } },
);

scenario(
  "an app in the tray shows its window when the tray goes away",
  async (rig) => {
    const app = await rig.start();
    await menu(rig, "the menu", (menu) => menu.rows.length > 0);
    await closeWindow(rig);
    await rig.desktop.tray(false);
    await again(rig, app);
    assert.ok(app.alive());
  },
  { around },
);

scenario(
  "the machine stays awake and the dock shows progress while something runs",
  async (rig) => {
    const file = rig.server.serve("/awake.bin", { size: 4 * MB, seed: 33, rate: MB });
    const app = await rig.start();
    const id = await app.add(file.url);
    const held = await eventually("the brakes", 10_000, async () => {
      const held = rig.desktop.of("held");
      return held.length === 2 ? held : null;
    });
    const logind = held.find((one) => one.by === "logind");
    assert.deepEqual([logind.what, logind.mode, logind.app], ["idle", "block", "Millrace"]);
    assert.equal(held.find((one) => one.by === "session").flags, 4, "not the screen");
    const shown = await eventually("progress", 10_000, async () =>
      rig.desktop.of("dock").find((one) => one["progress-visible"] && one.progress > 0),
    );
    assert.equal(shown.uri, "application://dev.millrace.downloader.desktop");
    assert.deepEqual([shown.count, shown["count-visible"]], [1, true]);

    await app.until(id, "done");
    await eventually("progress ends", 10_000, async () => {
      const last = rig.desktop.of("dock").at(-1);
      return !last["progress-visible"] && !last["count-visible"];
    });
    // the inhibitors outlast the download by a moment
    await eventually("the brakes are off", 45_000, async () => rig.desktop.of("released").length === 2);
  },
  { around },
);

scenario(
  "a start with the system shows the tray only",
  async (rig) => {
    const app = start(appBinary(), ["--hidden"], { env: rig.env });
    try {
      await menu(rig, "the menu", (menu) => menu.rows.length > 0);
      await sleep(1000);
      assert.equal(await rig.desktop.window("count"), 0);
      rig.desktop.click("Open Millrace");
      await eventually("a window", 15_000, async () => (await rig.desktop.window("count")) === 1);
    } finally {
      await app.stop();
    }
  },
  { around },
);

scenario("starting with the system is arranged with the desktop, and taken back", async (rig) => {
  const app = await rig.start();
  const entry = join(rig.temp, ".config", "autostart", "Millrace.desktop");
  const set = (wanted) =>
    app.page.runAsync(
      `const [wanted, done] = arguments;
      const { invoke } = window.__TAURI_INTERNALS__;
      invoke("settings")
        .then((settings) => invoke("change_settings", { settings: { ...settings, startWithSystem: wanted } }))
        .then(done);`,
      wanted,
    );
  await set(true);
  const text = await eventually("the entry is there", 10_000, () => readFile(entry, "utf8"));
  assert.match(text, new RegExp(`^Exec=.*${appBinary()}.* --hidden$`, "m"));
  await set(false);
  await eventually("the entry is gone", 10_000, () =>
    readFile(entry, "utf8").then(
      () => false,
      (error) => error.code === "ENOENT",
    ),
  );
});

scenario("the window opens where it was", async (rig) => {
  let app = await rig.start();
  await app.page.resize(900, 700);
  const { x, y, width, height } = await app.page.rect();
  assert.deepEqual([width, height], [900, 700]);
  await app.close();
  app = await rig.start();
  assert.deepEqual(await app.page.rect(), { x, y, width, height });
});
