// The window by pointer, in the desktop and the phone layout; axe finds nothing, nothing is truncated, and every target
// on a phone is large enough to touch.
import assert from "node:assert/strict";
import { accessible } from "./rig/axe.mjs";
import { byTestId, rowOf } from "./rig/downloads.mjs";
import { scenario } from "./rig/scenario.mjs";
import { tooWide } from "./rig/layout-checks.mjs";
import { eventually } from "./rig/webdriver.mjs";

const MB = 1024 * 1024;
const ids = async (app) => (await app.rows()).map((row) => row.id);
const gone = (app, css) => eventually(`${css} is gone`, 5000, async () => !(await app.shown(css)));

scenario(
  "selection, menu, views and the details by pointer",
  async (rig) => {
    const app = await rig.start();
    const { page } = app;
    await page.fit(1280, 800);
    const all = [];
    for (const name of ["one.mkv", "two.pdf", "three.pdf"]) {
      const file = rig.server.serve(`/${name}`, { size: 30 * MB, seed: 51, rate: 0.3 * MB });
      all.push(await app.add(file.url));
    }
    const [first, second, third] = all;
    await app.until(first, "running");

    await page.click(`${rowOf(third)} .name`);
    await page.press("Escape");
    await gone(app, byTestId("details"));
    await page.click(byTestId("category-document"));
    assert.deepEqual(await ids(app), [third, second]);
    await accessible(page, "one type");
    await page.click(byTestId("filter-all"));

    await page.click(byTestId("toolbar-more"));
    await page.find(byTestId("shortcuts-open"));
    await accessible(page, "the menu of the toolbar");
    await page.click(byTestId("shortcuts-open"));
    await page.find(byTestId("shortcuts"));
    await page.press("Escape");
    await gone(app, byTestId("shortcuts"));

    await page.drag([await page.at(`${rowOf(second)} .name`, [0.2, 0.5])], { button: 2 });
    await page.find(byTestId("menu-pause"));
    assert.deepEqual(await app.chosen(), [second]);
    await page.click(byTestId("menu-pause"));
    await app.until(second, "paused");

    await app.select(first);
    for (const tab of ["overview", "log", "options"]) {
      await app.tab(tab);
      await accessible(page, `the details' ${tab}`);
    }
    await app.tab("overview");
    await page.find(byTestId("segment-map"));
    await page.click(byTestId("head-name"));
    await eventually("by name", 5000, async () => (await ids(app)).join() === [first, third, second].join());

    await app.press(third, "row-remove");
    await app.untilGone(third);
    await page.click(byTestId("toast-action"));
    await app.until(third, (row) => row.state !== "done");
  },
  { timeout: 240_000 },
);

scenario("a row of the queue is dragged to the front", async (rig) => {
  const app = await rig.start();
  const { page } = app;
  await page.fit(1280, 800);
  for (let at = 0; at < 8; at += 1) {
    const file = rig.server.serve(`/part-${at}.bin`, { size: 20 * MB, seed: 60 + at, rate: 0.1 * MB });
    await app.add(file.url);
  }
  await app.closeDetails();
  await page.click(byTestId("sort"));
  await page.click(byTestId("sort-queue"));
  const queue = async () => (await app.rows()).filter((row) => row.state === "queued").map((row) => row.id);
  const before = await eventually("some wait their turn", 10_000, async () => {
    const rows = await queue();
    return rows.length >= 2 ? rows : null;
  });
  const last = before.at(-1);
  const from = await page.at(`${rowOf(last)} .name`);
  const to = await page.at(rowOf(before[0]), [0.3, 0.1]);
  await page.drag([from, [from[0], from[1] - 20], to, to]);
  await eventually("it is the first", 5000, async () => (await queue())[0] === last);
});

scenario(
  "in a hand: the bar, the details, a selection, the way back",
  async (rig) => {
    const slow = rig.server.serve("/slow.mkv", { size: 60 * MB, seed: 71, rate: MB });
    const lost = rig.server.serve("/lost.zip", { status: 404 });
    const quick = rig.server.serve("/quick.pdf", { size: MB, seed: 72 });
    const app = await rig.start();
    const { page } = app;
    await page.fit(390, 844);
    await page.find(byTestId("empty-state"));
    await accessible(page, "the empty window in a hand");
    const failed = await app.add(lost.url);
    const done = await app.add(quick.url);
    const id = await app.add(slow.url);
    await app.until(failed, "failed");
    await app.until(done, "done");
    await app.until(id, "running");
    await accessible(page, "the list in a hand");
    const { text } = await app.until(id, (row) => row.received > MB && /\d\s\/\s\d/.test(row.text));
    assert.match(text, /[\d.]+\s\/\s[\d.]+\sMB/);
    await eventually("the time left", 15_000, async () => /\d+\s?(s|m)/.test((await app.row(id)).text));

    const small = await page.run(`
      return [...document.querySelectorAll("button")]
        .filter((one) => one.checkVisibility())
        .map((one) => {
          const after = getComputedStyle(one, "::after");
          const { width, height } = one.getBoundingClientRect();
          const reach = after.content === "none" ? 0 : Number.parseFloat(after.height);
          return [one.outerHTML.slice(0, 100), width, Math.max(height, reach)];
        })
        .filter(([, width, height]) => width < 44 || height < 44);
    `);
    assert.deepEqual(small, [], "every button is 44 px");
    assert.deepEqual(await tooWide(page), []);

    await page.click(byTestId("filter-done"));
    await eventually("the finished one alone", 5000, async () => (await ids(app)).join() === done);
    await page.click(byTestId("views-open"));
    await page.find(byTestId("pause-all"));
    await accessible(page, "what concerns all in a hand");
    await page.run("history.back()");
    await gone(app, byTestId("pause-all"));
    await page.click(byTestId("nav-downloads"));
    await page.click(byTestId("filter-failed"));
    await eventually("the failed one alone", 5000, async () => (await ids(app)).join() === failed);
    await page.click(byTestId("filter-all"));

    await app.select(id);
    for (const tab of ["overview", "log", "options"]) {
      await app.tab(tab);
      await accessible(page, `the details' ${tab} in a hand`);
    }
    await page.click(byTestId("details-more"));
    await page.find(byTestId("menu-copy"));
    await accessible(page, "the menu in a hand");
    await page.run("history.back()");
    await gone(app, byTestId("menu-copy"));
    await page.find(byTestId("details"));
    await page.run("history.back()");
    await gone(app, byTestId("details"));

    await page.drag([await page.at(`${rowOf(id)} .name`)], { still: 700 });
    await page.find(byTestId("select-end"));
    assert.deepEqual(await app.chosen(), [id]);
    await accessible(page, "a selection in a hand");
    await page.click(`${rowOf(done)} .name`);
    assert.deepEqual((await app.chosen()).toSorted(), [id, done].toSorted());
    await page.run("history.back()");
    await gone(app, byTestId("select-end"));
    await page.press("Control+f");
    await page.find(byTestId("search"));
  },
  { timeout: 240_000 },
);

for (const [width, height] of [
  [1280, 800],
  [390, 844],
]) {
  const narrow = width < 640;
  scenario(
    `search, slow mode, a failure, a removal and what is dragged in, by pointer at ${width}x${height}`,
    async (rig) => {
      const lost = rig.server.serve("/lost.zip", { status: 404 });
      const quick = rig.server.serve("/quick.pdf", { size: MB, seed: 73 });
      const app = await rig.start();
      const { page } = app;
      await page.fit(width, height);

      await drop(page, "text/uri-list", lost.url);
      await page.find(`${byTestId("look")}[data-state="failed"]`);
      await page.click(byTestId("add-start"));
      await eventually("the failed row", 10_000, async () => (await app.rows())[0]?.state === "failed");
      const [{ id: failed }] = await app.rows();
      // The plain text around the link is not part of it.
      await drop(page, "text/plain", `Look at this: ${quick.url} (1 MB)`);
      await page.find(`${byTestId("look")}[data-state="found"]`);
      await page.click(byTestId("add-start"));
      await eventually("both rows", 10_000, async () => (await app.rows()).length === 2);
      const [{ id: done }] = await app.rows();
      await app.until(done, "done");
      await app.closeDetails();

      if (narrow) await page.click(byTestId("search-open"));
      else await page.click(byTestId("search"));
      await page.type(byTestId("search"), "quick");
      await eventually("what was sought", 5000, async () => (await ids(app)).join() === done);
      await page.type(byTestId("search"), "nowhere");
      await page.find(byTestId("empty-part"));
      await accessible(page, `nothing found at ${width}`);
      await page.click(byTestId("show-all"));
      await eventually("all again", 5000, async () => (await ids(app)).length === 2);
      if (narrow) await page.run("history.back()");

      const sheet = async (open) => narrow && page.click(byTestId(open));
      await sheet("views-open");
      await page.click(byTestId("slow"));
      await sheet("views-open");
      await page.find(`${byTestId("slow")}:is([aria-checked="true"], [aria-pressed="true"])`);
      await page.click(byTestId("slow"));
      await page.click(byTestId("sort"));
      await page.click(byTestId("sort-name"));
      await eventually("by name", 5000, async () => (await ids(app)).join() === [failed, done].join());

      await app.select(failed);
      await accessible(page, `the details of a failure at ${width}`);
      await app.closeDetails();
      await app.press(failed, "row-fix");
      await page.find(byTestId("link-url"));
      await accessible(page, `the change of a link at ${width}`);
      await page.type(byTestId("link-url"), `${quick.url}?again`);
      await page.click(byTestId("link-save"));
      await app.until(failed, (row) => row.state !== "failed");

      if (narrow) {
        await app.select(done);
        await page.click(byTestId("details-more"));
        await page.click(byTestId("menu-remove"));
      } else await app.press(done, "row-remove");
      await page.find(byTestId("remove-trash"));
      await accessible(page, `the question about the file at ${width}`);
      await page.click(byTestId("remove-trash"));
      await app.untilGone(done);
      await accessible(page, `the way back at ${width}`);
      await page.click(
        `${byTestId("toast")}:has(${byTestId("toast-action")}):last-child ${byTestId("toast-action")}`,
      );
      await app.until(done, "done");
    },
    { timeout: 180_000 },
  );
}

/** Drops something from another program on the window. */
const drop = (page, kind, text) =>
  page.run(
    `const dataTransfer = new DataTransfer();
     dataTransfer.setData(arguments[0], arguments[1]);
     const on = document.querySelector("main");
     for (const kind of ["dragover", "drop"]) {
       on.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));
     }`,
    kind,
    text,
  );
