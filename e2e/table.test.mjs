// The table in the real window: columns by pointer and keyboard, filters that combine, groups, the pane, and that all of it
// is there again when the window was closed to the tray.
import assert from "node:assert/strict";
import { accessible } from "./rig/axe.mjs";
import { byTestId, rowOf } from "./rig/downloads.mjs";
import { scenario } from "./rig/scenario.mjs";
import { eventually } from "./rig/webdriver.mjs";

const MB = 1024 * 1024;
const ids = async (app) => (await app.rows()).map((row) => row.id);
const gone = (app, css) => eventually(`${css} is gone`, 5000, async () => !(await app.shown(css)));
const columns = (page) =>
  page.run("return [...document.querySelectorAll('[data-heading]')].map((one) => one.dataset.heading)");
const widthOf = (page, id) =>
  page.run(
    "return document.querySelector(arguments[0]).getBoundingClientRect().width",
    `[data-heading="${id}"]`,
  );
const first = ["name", "size", "progress", "speed", "eta", "added"];

scenario(
  "columns are moved, widened, chosen and sorted by, and filters combine",
  async (rig) => {
    const slow = rig.server.serve("/slow.mkv", { size: 60 * MB, seed: 91, rate: MB });
    const quick = rig.server.serve("/quick.mkv", { size: MB, seed: 92 });
    const lost = rig.server.serve("/lost.zip", { status: 404 });
    const app = await rig.start();
    const { page } = app;
    await page.fit(1280, 800);
    const [id, done, failed] = [await app.add(slow.url), await app.add(quick.url), await app.add(lost.url)];
    await app.until(done, "done");
    await app.until(failed, "failed");
    await app.until(id, "running");
    await app.closeDetails();
    assert.deepEqual(await columns(page), first);
    // A short list says below its last row how to add to it.
    await page.find(byTestId("list-hint"));

    const before = await widthOf(page, "progress");
    const [x, y] = await page.at(byTestId("edge-progress"));
    await page.drag([[x, y], [x - 20, y], [x - 40, y]]); // prettier-ignore
    await eventually(
      "it is wider",
      5000,
      async () => Math.abs((await widthOf(page, "progress")) - before - 40) < 3,
    );
    const from = await page.at(byTestId("head-speed"));
    const to = await page.at('[data-heading="size"]', [0.1, 0.5]);
    await page.drag([from, [from[0] - 20, from[1]], to, to]);
    const moved = ["name", "speed", "size", "progress", "eta", "added"];
    await eventually(
      "speed is beside the name",
      5000,
      async () => (await columns(page)).join() === moved.join(),
    );

    await page.run(`document.querySelector('${byTestId("head-size")}').focus()`);
    await page.press("Shift+F10");
    await page.find(byTestId("column-show-host"));
    await accessible(page, "the menu of the head");
    await page.click(byTestId("column-show-host"));
    await page.press("Escape");
    await gone(app, byTestId("column-reset"));
    // There is no room for all of them: when it was added is the first to go.
    assert.deepEqual(await columns(page), [...moved.filter((id) => id !== "added"), "host"]);
    await accessible(page, "the table");

    await page.click(byTestId("category-video"));
    await page.click(byTestId("filter-done"));
    await eventually("the finished film alone", 5000, async () => (await ids(app)).join() === done);
    await page.click(byTestId("filter-all"));
    await page.click(byTestId("search"));
    await page.type(byTestId("search"), "is:failed ext:zip");
    await eventually("what was sought", 5000, async () => (await ids(app)).join() === failed);
    await page.click(byTestId("view-save"));
    await page.type(byTestId("view-name"), "Broken archives");
    await page.click(byTestId("view-keep"));
    await page.find(byTestId("saved-view"));
    await accessible(page, "a saved search");
    await page.click(byTestId("strip-show-all"));
    await eventually("all again", 5000, async () => (await ids(app)).length === 3);
  },
  { timeout: 240_000 },
);

scenario(
  "layout, order, filter and details are there again after the window was closed to the tray",
  async (rig) => {
    const file = rig.server.serve("/one.mkv", { size: MB, seed: 93 });
    const app = await rig.start();
    const { page } = app;
    await page.fit(1280, 800);
    const id = await app.add(file.url);
    await app.until(id, "done");
    await app.select(id);
    await app.tab("log");
    await page.run(`document.querySelector('${byTestId("pane-edge")}').focus()`);
    await page.press("Home");
    await page.click(byTestId("sort"));
    await page.click(byTestId("view-compact"));
    await page.click(byTestId("sort"));
    await page.click(byTestId("view-group"));
    await page.find(byTestId("group-today"));
    await page.click(byTestId("filter-done"));
    await accessible(page, "a compact table with groups");

    assert.equal(await rig.desktop.window("close"), 1);
    await eventually("the window is gone", 10_000, async () => (await rig.desktop.window("count")) === 0);
    rig.desktop.activate();
    await eventually("a window", 15_000, async () => (await rig.desktop.window("count")) === 1);
    await eventually("the driver sees it", 10_000, async () => {
      const [window] = await page.windows();
      if (window === undefined) return null;
      await page.turnTo(window);
      return true;
    });
    await page.find(`${byTestId("details")}[data-id="${id}"]`, 15_000);
    await page.find(`${rowOf(id)}.compact`);
    await page.find(byTestId("group-today"));
    await page.find(`${byTestId("tab-log")}[aria-selected="true"]`);
    await page.find(`${byTestId("filter-done")}[aria-pressed="true"]`);
    await page.find(`${byTestId("pane-edge")}[aria-valuenow="300"]`);
  },
  { around: { desktop: { tray: true }, settings: { closeToTray: true } }, timeout: 240_000 },
);
