// The whole window by keyboard alone; the focus is never lost, and axe finds nothing on any view.
import assert from "node:assert/strict";
import { accessible } from "./rig/axe.mjs";
import { byTestId, rowOf } from "./rig/downloads.mjs";
import { scenario } from "./rig/scenario.mjs";
import { eventually } from "./rig/webdriver.mjs";

const MB = 1024 * 1024;

/** Presses keys and then checks that the focus is on an element. */
function keyboard(page) {
  return async (...keys) => {
    for (const key of keys) {
      await page.press(key);
      await eventually(`the focus is somewhere after ${key}`, 3000, async () => {
        const focus = await page.run("return document.activeElement?.outerHTML.slice(0, 120)");
        if (focus.startsWith("<body")) throw new Error(focus);
        return true;
      });
    }
  };
}
const focused = (page, css) =>
  eventually(`the focus is on ${css}`, 5000, () =>
    page.run("return document.activeElement?.matches(arguments[0]) ?? false", css),
  );
const gone = (app, css) => eventually(`${css} is gone`, 5000, async () => !(await app.shown(css)));

scenario(
  "adding, steering, removing and undoing need no pointer",
  async (rig) => {
    const slow = rig.server.serve("/slow.bin", { size: 40 * MB, seed: 31, rate: MB });
    const quick = rig.server.serve("/quick.pdf", { size: MB, seed: 32 });
    const app = await rig.start();
    const { page } = app;
    const press = keyboard(page);
    await page.fit(1280, 800);
    await page.find(byTestId("empty-state"));
    await accessible(page, "the empty window");

    for (const { url } of [quick, slow]) {
      await page.press("Control+n");
      await focused(page, byTestId("add-url"));
      // Replaces the link that the field may have got from the clipboard.
      await page.press("Control+a");
      await page.write(url);
      await press("Enter");
      await gone(app, byTestId("add-url"));
    }
    await eventually("both rows", 10_000, async () => (await app.rows()).length === 2);
    const [{ id }, { id: done }] = await app.rows();
    await app.until(done, "done");
    await accessible(page, "the list with the details");

    await press("Escape");
    await gone(app, byTestId("details"));
    await focused(page, byTestId("list"));
    await press("Home");
    assert.deepEqual(await app.chosen(), [id]);
    await press("Space");
    await app.until(id, "paused");
    await press("Space");
    await app.until(id, "running");
    await press("Shift+ArrowDown");
    assert.deepEqual(await app.chosen(), [id, done]);
    await press("ArrowUp");
    assert.deepEqual(await app.chosen(), [id]);
    await press("Control+Shift+ArrowUp");
    await page.find(`${rowOf(id)} ${byTestId("mark-priority")}`);

    await press("Delete");
    await app.untilGone(id);
    await focused(page, byTestId("list"));
    assert.deepEqual(await app.chosen(), [done]);
    await press("Control+z");
    await app.until(id, (row) => row.state !== "done");
    assert.deepEqual(await app.chosen(), [id]);

    await press("End", "Delete");
    await page.find(byTestId("remove-keep"));
    await accessible(page, "the question about the file");
    await focused(page, byTestId("remove-keep"));
    await press("Enter");
    await app.untilGone(done);
    await focused(page, byTestId("list"));
    assert.deepEqual(await app.chosen(), [id]);
  },
  { timeout: 240_000 },
);

scenario(
  "views, search, sorting, menus, details and the sheet of shortcuts need no pointer",
  async (rig) => {
    const slow = rig.server.serve("/slow.mkv", { size: 60 * MB, seed: 33, rate: MB });
    const gone404 = rig.server.serve("/gone.zip", { status: 404 });
    const app = await rig.start();
    const { page } = app;
    const press = keyboard(page);
    await page.fit(1280, 800);
    const id = await app.add(slow.url);
    const failed = await app.add(gone404.url);
    await app.until(failed, "failed");
    await app.until(id, "running");
    await app.closeDetails();
    await accessible(page, "the list");

    await press("Control+6");
    await page.find(byTestId("empty-part"));
    await accessible(page, "an empty part");
    await press("Control+5");
    await eventually(
      "the failed one alone",
      5000,
      async () => (await app.rows()).map((row) => row.id).join() === failed,
    );
    await press("Control+1");
    await press("Control+f");
    await focused(page, byTestId("search"));
    await page.write("slow");
    await eventually(
      "what was sought",
      5000,
      async () => (await app.rows()).map((row) => row.id).join() === id,
    );
    await press("Escape");
    await focused(page, byTestId("list"));

    await press("Control+s");
    await page.find(byTestId("sort-name"));
    await accessible(page, "the menu of orders");
    await press("Escape");
    await gone(app, byTestId("sort-name"));

    await page.run(`document.querySelector('${byTestId("list")}').focus()`);
    await press("Home", "Shift+F10");
    await page.find(byTestId("menu-copy"));
    await accessible(page, "the menu of a row");
    await press("Escape");
    await gone(app, byTestId("menu-copy"));
    await focused(page, byTestId("list"));

    await press("End", "Control+i");
    await page.find(`${byTestId("details")}[data-id="${id}"]`);
    await press("F6");
    await focused(page, byTestId("tab-overview"));
    for (const tab of ["log", "options"]) {
      await press("ArrowRight");
      await page.find(`${byTestId(`tab-${tab}`)}[aria-selected="true"]`);
      await accessible(page, `the details' ${tab}`);
    }
    await page.run(`document.querySelector('${byTestId("option-limit")}').focus()`);
    await page.write("100 kB");
    await press("Enter");
    await page.find(`${rowOf(id)} ${byTestId("mark-limit")}`);
    await press("Escape");
    await gone(app, byTestId("details"));
    await focused(page, byTestId("list"));

    await press("Control+t");
    await page.find(`${byTestId("slow")}[aria-checked="true"]`);
    await accessible(page, "slow mode");
    await press("Control+t");
    await press("Control+b");
    await page.find(`${byTestId("sidebar-turn")}[aria-expanded="false"]`);
    await accessible(page, "the narrow sidebar");
    await press("F1");
    await page.find(byTestId("shortcuts"));
    await accessible(page, "the sheet of shortcuts");
    await press("Escape");
    await gone(app, byTestId("shortcuts"));
    await focused(page, byTestId("list"));

    await press("Home", "Control+l");
    await page.find(byTestId("link-url"));
    await accessible(page, "the change of a link");
    await press("Escape");
    await gone(app, byTestId("link-url"));
  },
  { timeout: 240_000 },
);

scenario(
  "in a narrow window everything is within reach of the keys too",
  async (rig) => {
    const slow = rig.server.serve("/slow.mkv", { size: 60 * MB, seed: 35, rate: MB });
    const quick = rig.server.serve("/quick.pdf", { size: MB, seed: 36 });
    const lost = rig.server.serve("/lost.zip", { status: 404 });
    const app = await rig.start();
    const { page } = app;
    const press = keyboard(page);
    await page.fit(390, 844);
    await page.find(byTestId("empty-state"));
    for (const { url } of [lost, quick, slow]) {
      await page.press("Control+n");
      await focused(page, byTestId("add-url"));
      await page.press("Control+a");
      await page.write(url);
      await press("Enter");
      await gone(app, byTestId("add-url"));
    }
    await eventually("three rows", 10_000, async () => (await app.rows()).length === 3);
    const [id, done, failed] = (await app.rows()).map((row) => row.id);
    await app.until(done, "done");
    await app.until(failed, "failed");

    await focused(page, byTestId("list"));
    await press("Home", "Enter");
    await page.find(`${byTestId("details")}[data-id="${id}"]`);
    await page.run(`document.querySelector('${byTestId("tab-overview")}').focus()`);
    for (const tab of ["log", "options"]) {
      await press("ArrowRight");
      await page.find(`${byTestId(`tab-${tab}`)}[aria-selected="true"]`);
    }
    await press("Escape");
    await gone(app, byTestId("details"));
    await focused(page, byTestId("list"));

    await press("Shift+F10");
    await page.find(byTestId("menu-pause"));
    await press("Escape");
    await gone(app, byTestId("menu-pause"));
    await focused(page, byTestId("list"));
    await press("End", "Control+l");
    await page.find(byTestId("link-url"));
    await accessible(page, "the change of a link in a narrow window");
    await press("Escape");
    await gone(app, byTestId("link-url"));

    await press("Control+5");
    const alone = (one) => async () => (await app.rows()).map((row) => row.id).join() === one;
    await eventually("the failed one alone", 5000, alone(failed));
    await press("Control+1", "Control+f");
    await focused(page, byTestId("search"));
    await page.write("quick");
    await eventually("what was sought", 5000, alone(done));
    await press("Escape");
    await focused(page, byTestId("list"));
    await press("Control+s");
    await page.find(byTestId("sort-name"));
    await accessible(page, "the menu of orders in a narrow window");
    await press("Escape");
    await gone(app, byTestId("sort-name"));
    for (const [keys, view] of [
      ["F1", "shortcuts"],
      ["Control+,", "settings"],
    ]) {
      await press(keys);
      await page.find(byTestId(view));
      await accessible(page, `${view} in a narrow window`);
      await press("Escape");
      await gone(app, byTestId(view));
    }

    await page.run(`document.querySelector('${byTestId("list")}').focus()`);
    await press("Home", "ArrowDown", "Delete");
    await focused(page, byTestId("remove-keep"));
    await accessible(page, "the question about the file in a narrow window");
    await press("Enter");
    await app.untilGone(done);
    await accessible(page, "the way back in a narrow window");
    await press("Control+z");
    await app.until(done, "done");
  },
  { timeout: 240_000 },
);

scenario("the queue is put in order by keys", async (rig) => {
  const app = await rig.start();
  const { page } = app;
  const press = keyboard(page);
  await page.fit(1280, 800);
  const ids = [];
  for (let at = 0; at < 8; at += 1) {
    const file = rig.server.serve(`/part-${at}.bin`, { size: 20 * MB, seed: 40 + at, rate: 0.1 * MB });
    ids.push(await app.add(file.url));
  }
  await app.closeDetails();
  const waiting = await eventually("some wait their turn", 10_000, async () => {
    const rows = (await app.rows()).filter((row) => row.state === "queued").map((row) => row.id);
    return rows.length >= 2 ? rows.toReversed() : null;
  });
  await page.click(byTestId("sort"));
  await page.click(byTestId("sort-queue"));
  const queue = async () => (await app.rows()).filter((row) => row.state === "queued").map((row) => row.id);
  await eventually("the queue in its order", 5000, async () => (await queue()).join() === waiting.join());
  await page.run(`document.querySelector('${byTestId("list")}').focus()`);
  await press("End", "Alt+Home");
  const last = waiting.at(-1);
  await eventually("the last is the first", 5000, async () => (await queue())[0] === last);
  await press("Alt+ArrowDown");
  await eventually("and then the second", 5000, async () => (await queue())[1] === last);
  assert.equal(new Set(await queue()).size, waiting.length);
});
