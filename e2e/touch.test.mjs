// The phone layout by touch alone: adding, scrolling, selection, details, sheets, settings and back navigation.
// Scrolling by touch is done by the system; a wheel replaces it.
import assert from "node:assert/strict";
import { byTestId, rowOf } from "./rig/downloads.mjs";
import { emulateTouch, pressed } from "./rig/touch.mjs";
import { scenario } from "./rig/scenario.mjs";
import { eventually } from "./rig/webdriver.mjs";

const MB = 1024 * 1024;
const ids = async (app) => (await app.rows()).map((row) => row.id);
const gone = (app, css) => eventually(`${css} is gone`, 5000, async () => !(await app.shown(css)));
/** The back gesture or button. */
const goBack = (page) => page.run("history.back()");

const onlyFingers = async (page) => {
  assert.deepEqual([...new Set(await pressed(page))], ["touch"]);
};

async function inHand(rig, options) {
  const app = await rig.start(options);
  await app.page.fit(390, 844);
  await emulateTouch(app.page);
  return app;
}

scenario(
  "a download is added by finger, watched, stopped, and taken back when it was removed",
  async (rig) => {
    const file = rig.server.serve("/film.mkv", { size: 60 * MB, seed: 91, rate: MB });
    const app = await inHand(rig);
    const { page } = app;
    await page.tap(`${byTestId("empty-state")} button`);
    await page.tap(byTestId("add-url"));
    await page.write(file.url);
    await page.find(`${byTestId("look")}[data-state="found"]`, 20_000);
    await page.tap(byTestId("add-start"));
    const [id] = await eventually("its row", 10_000, async () => {
      const all = await ids(app);
      return all.length === 1 ? all : null;
    });
    await app.until(id, "running");
    await gone(app, byTestId("details"));

    await page.tap(`${rowOf(id)} .name`);
    await page.find(`${byTestId("details")}[data-id="${id}"]`);
    for (const tab of ["log", "options", "overview"]) {
      await page.tap(byTestId(`tab-${tab}`));
      await page.find(`${byTestId(`tab-${tab}`)}[aria-selected="true"]`);
    }
    await page.tap(byTestId("details-more"));
    await page.tap(byTestId("menu-pause"));
    await app.until(id, "paused");
    await gone(app, byTestId("menu-pause"));
    await page.find(byTestId("details"));
    await goBack(page);
    await gone(app, byTestId("details"));

    await page.touch([await page.at(`${rowOf(id)} .name`)], { still: 700 });
    await page.tap(byTestId("selected-remove"));
    await app.untilGone(id);
    await page.tap(byTestId("toast-action"));
    await app.until(id, "paused");
    await onlyFingers(page);
  },
);

scenario(
  "a list that is longer than the screen, under a finger",
  async (rig) => {
    const links = Array.from(
      { length: 14 },
      (_, at) => rig.server.serve(`/part-${at}.bin`, { size: 512, seed: at }).url,
    );
    const app = await inHand(rig, { args: links });
    const { page } = app;
    const all = await eventually("all are there", 20_000, async () => {
      const rows = await app.rows();
      return rows.length === links.length && rows.every((row) => row.state === "done") ? rows : null;
    });
    const top = () => page.run(`return document.querySelector('${byTestId("list")}').scrollTop`);

    // A moving touch is neither a tap nor a long press.
    const [x, y] = await page.at(`${rowOf(all[5].id)} .name`);
    await page.touch([[x, y], [x, y - 40], [x, y - 200]]); // prettier-ignore
    await page.touch([[x, y], [x, y - 40], [x, y - 200]], { still: 200 }); // prettier-ignore
    assert.equal(await app.shown(byTestId("details")), false);
    assert.deepEqual(await app.chosen(), []);

    assert.equal(await top(), 0);
    await page.scroll(byTestId("list"), 3000);
    await eventually("it is scrolled to its end", 5000, async () => (await top()) > 200);
    const last = all.at(-1).id;
    const box = await page.run(
      `const edge = (css, side) => document.querySelector(css).getBoundingClientRect()[side];
       return [edge(arguments[0], "bottom"), edge(arguments[1], "top")];`,
      rowOf(last),
      byTestId("add-open"),
    );
    assert.ok(box[0] <= box[1] + 1, `the last row ends at ${box[0]}, the button begins at ${box[1]}`);

    await page.touch([await page.at(`${rowOf(last)} .name`)], { still: 700 });
    await page.find(byTestId("select-end"));
    assert.deepEqual(await app.chosen(), [last]);
    const before = all.at(-2).id;
    await page.tap(`${rowOf(before)} .name`);
    assert.deepEqual((await app.chosen()).toSorted(), [before, last].toSorted());
    assert.equal(await app.shown(byTestId("details")), false, "a tap selects now");
    await goBack(page);
    await gone(app, byTestId("select-end"));
    assert.deepEqual(await app.chosen(), []);
    await onlyFingers(page);
  },
  { timeout: 180_000 },
);

scenario("sheets and settings open by finger, and the way back closes the topmost first", async (rig) => {
  const lost = rig.server.serve("/lost.zip", { status: 404 });
  const kept = rig.server.serve("/kept.pdf", { size: 4096, seed: 92 });
  const app = await inHand(rig, { args: [lost.url, kept.url] });
  const { page } = app;
  const failed = await eventually("one has failed", 20_000, async () => {
    const rows = await app.rows();
    return rows.length === 2 && rows.some((row) => row.state === "done")
      ? rows.find((row) => row.state === "failed")?.id
      : null;
  });

  await page.tap(byTestId("views-open"));
  await page.find(byTestId("category-document"));
  await goBack(page);
  await gone(app, byTestId("category-document"));
  assert.equal((await ids(app)).length, 2, "nothing was chosen");
  await page.tap(byTestId("filter-failed"));
  await eventually("the failed one alone", 5000, async () => (await ids(app)).join() === failed);
  await page.tap(byTestId("filter-all"));

  await page.tap(`${rowOf(failed)} .name`);
  await page.tap(byTestId("details-more"));
  await page.find(byTestId("menu-copy"));
  await goBack(page);
  await gone(app, byTestId("menu-copy"));
  await page.find(byTestId("details"));
  await goBack(page);
  await gone(app, byTestId("details"));

  await page.tap(byTestId("settings-open"));
  await page.tap(byTestId("settings-go-speed"));
  const slow = byTestId("setting-slow");
  const on = () => page.run("return document.querySelector(arguments[0]).checked", slow);
  await page.run("document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })", slow);
  const was = await on();
  await page.tap(slow);
  await eventually("it is the other way round", 5000, async () => (await on()) === !was);
  await goBack(page);
  await page.find(byTestId("settings-go-speed"));
  await goBack(page);
  await gone(app, byTestId("settings"));
  await page.tap(byTestId("search-open"));
  await page.find(byTestId("search"));
  await goBack(page);
  await gone(app, byTestId("search"));
  await onlyFingers(page);
});
