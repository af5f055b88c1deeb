// Walks: the head of the table, how the table is shown, search words, saved searches, tags, and the pane of details.
import assert from "node:assert/strict";
import { press } from "./rig/input.mjs";
import { eventually } from "./rig/page.mjs";
import { byTestId, inChromium, rowOf } from "./rig/phone.mjs";
import { walk } from "./rig/walk.mjs";

inChromium();

const MB = 1_000_000;
const rows = [
  { name: "film.mkv", category: "video", phase: "running", total: 3_000 * MB, speed: 4 * MB, connections: 2 },
  { name: "clip.mkv", category: "video", phase: "failed", total: 20 * MB },
  { name: "song.flac", category: "audio", phase: "done", total: 40 * MB, received: 40 * MB, finishedAt: 1 },
  { name: "notes.pdf", category: "document", phase: "paused", total: 3_000 * MB },
];
const given = { rows };
/** Rows that have finished now count as those of today. */
const today = [
  "for (const row of window.core.rows.values()) if (row.finishedAt !== null) row.finishedAt = Date.now();",
];

const columns = (page) =>
  page.run(() => [...document.querySelectorAll("[data-heading]")].map((one) => one.dataset.heading));
const boxOf = (page, css) =>
  page.run((one) => {
    const { left, top, width, height } = document.querySelector(one).getBoundingClientRect();
    return { left, top, width, height };
  }, css);
const widthOf = async (page, id) => (await boxOf(page, `[data-heading="${id}"]`)).width;
const until = (what, read, expected) =>
  eventually(what, async () => {
    const now = String(await read());
    if (now !== String(expected)) throw new Error(`it is ${now}`);
    return true;
  });

/** Opens the menu of a column's heading. */
async function columnMenu({ page, hand, keys }, id) {
  if (keys) {
    await hand.reach(byTestId(`head-${id}`));
    await press(page, "Shift+F10");
  } else await hand.click(byTestId(`head-${id}`), { button: "right" });
  await page.find(byTestId("column-reset"));
}

const first = ["name", "size", "progress", "speed", "eta", "added"];
const moved = ["name", "speed", "size", "progress", "eta", "added"];

walk("columns are moved, widened, chosen and sorted by two", { given, on: ["wide"] }, async (walker) => {
  const { phone, page, hand, seen, keys } = walker;
  await page.find(rowOf(4));
  assert.deepEqual(await columns(page), first);

  const before = await widthOf(page, "progress");
  if (keys) {
    await columnMenu(walker, "progress");
    await hand.use(byTestId("column-wider"));
    await hand.rests(byTestId("head-progress"));
  } else {
    const [x, y] = await page.at(byTestId("edge-progress"));
    await hand.drag([[x, y], [x - 20, y], [x - 40, y]]); // prettier-ignore
  }
  await until("it is wider", () => widthOf(page, "progress"), before + (keys ? 16 : 40));

  if (keys) {
    for (const left of [1, 2]) {
      await columnMenu(walker, "speed");
      await hand.use(byTestId("column-left"));
      await until("speed has moved", async () => (await columns(page)).indexOf("speed"), 3 - left);
    }
    await hand.rests(byTestId("head-speed"));
  } else {
    const [x, y] = await page.at(byTestId("head-speed"));
    const { left, width } = await boxOf(page, '[data-heading="size"]');
    const to = [left + width * 0.1, y];
    await hand.drag([[x, y], [x - 20, y], to, to]); // prettier-ignore
  }
  await until("speed is beside the name", () => columns(page), moved);

  await columnMenu(walker, "size");
  await seen("the menu of the head");
  await hand.use(byTestId("column-show-host"));
  await hand.shut(byTestId("column-reset"));
  await hand.rests(byTestId("head-size"));
  assert.ok((await columns(page)).includes("host"));
  await seen("the table");

  await hand.use(byTestId("head-size"));
  await page.find('[data-heading="size"][aria-sort]');
  if (keys) {
    await hand.reach(byTestId("head-progress"));
    await press(page, "Shift+Enter");
  } else await hand.click(byTestId("head-progress"), { modifiers: 8 });
  await eventually("two keys of the order are shown", () =>
    page.run(() => document.querySelectorAll("[data-testid=table-head] .place").length === 2),
  );
  const order = await phone.ids();
  assert.deepEqual(new Set(order.slice(0, 2)), new Set([1, 4]), "the largest first");
});

walk(
  "density and groups by day",
  { given, scripts: today, on: ["wide"] },
  async ({ page, hand, seen, keys }) => {
    await hand.use(byTestId("sort"));
    await page.find(byTestId("view-compact"));
    await seen("the menu of the view");
    await hand.use(byTestId("view-compact"));
    await page.find(`${rowOf(3)}.compact`);
    await hand.rests(byTestId("sort"));
    await hand.use(byTestId("sort"));
    await hand.use(byTestId("view-group"));
    await page.find(byTestId("group-today"));
    await hand.rests(byTestId("sort"));
    await seen("a compact table in groups");
    await hand.use(byTestId("sort"));
    await hand.shut(byTestId("view-group"));
    // A press elsewhere takes the focus there.
    if (keys) await hand.rests(byTestId("sort"));
  },
);

walk("words of a search, and a saved search", { given }, async ({ phone, page, hand, seen, wide, keys }) => {
  const shown = (ids) => until(`rows ${ids}`, () => phone.ids(), ids);
  await shown([4, 3, 2, 1]);
  if (!wide && !keys) await hand.use(byTestId("search-open"));
  else if (keys) await press(page, "Control+f");
  else await hand.use(byTestId("search"));
  await hand.rests(byTestId("search"));
  await page.write("type:video >1gb");
  await shown([1]);
  await seen("a search");
  await hand.fill(byTestId("search"), "is:failed ext:mkv");
  await shown([2]);
  if (!wide) {
    await hand.shut(byTestId("search"));
    await shown([4, 3, 2, 1]);
    await hand.rests(byTestId("list"));
    return;
  }
  await hand.use(byTestId("view-save"));
  await hand.rests(byTestId("view-name"));
  await hand.fill(byTestId("view-name"), "Broken films");
  await hand.use(byTestId("view-keep"));
  await page.find(byTestId("saved-view"));
  await seen("a saved search");
  await hand.use(byTestId("strip-show-all"));
  await shown([4, 3, 2, 1]);
  await hand.use(byTestId("saved-view"));
  await shown([2]);
  await page.find(`${byTestId("saved-view")}[aria-pressed="true"]`);
});

walk("tags are given, and rows found by them", { given }, async ({ phone, page, hand, seen, keys, wide }) => {
  await hand.menu(1, byTestId("menu-tags"));
  await hand.use(byTestId("menu-tags"));
  await hand.rests(byTestId("tags-field"));
  await seen("the tags");
  await page.write("Work, Films");
  await hand.use(byTestId("tags-save"));
  assert.deepEqual(await phone.untilAsked("set_tags"), { ids: [1], tags: ["Work", "Films"] });
  await page.gone(byTestId("tags-field"));
  await hand.rests(byTestId("list"));
  if (keys) await press(page, "Control+f");
  else await hand.use(byTestId(wide ? "search" : "search-open"));
  await hand.rests(byTestId("search"));
  await page.write("tag:work");
  await until("the row with the tag", () => phone.ids(), [1]);
});

walk("the pane of details is shown, moved, resized and closed", { given, on: ["wide"] }, async (walker) => {
  const { page, hand, seen, keys } = walker;
  await hand.open(1);
  await page.find(".window.side");
  await seen("details at the side");
  const size = () =>
    page.run((css) => Number(document.querySelector(css).ariaValueNow), byTestId("pane-edge"));
  const before = await size();
  if (keys) {
    await hand.reach(byTestId("pane-edge"));
    await hand.press("ArrowLeft");
  } else {
    const [x, y] = await page.at(byTestId("pane-edge"));
    await hand.drag([[x, y], [x - 20, y], [x - 40, y]]); // prettier-ignore
  }
  await until("it is wider", size, before + (keys ? 16 : 40));

  await hand.use(byTestId("sort"));
  await hand.use(byTestId("view-below"));
  await page.find(".window.below");
  await hand.rests(byTestId("sort"));
  await seen("details below");
  const low = await size();
  if (keys) {
    await hand.reach(byTestId("pane-edge"));
    await hand.press("ArrowUp");
  } else {
    const [x, y] = await page.at(byTestId("pane-edge"));
    await hand.drag([[x, y], [x, y - 10], [x, y - 30]]); // prettier-ignore
  }
  await until("it is higher", size, low + (keys ? 16 : 30));
  if (keys) await hand.press("Escape");
  else await hand.use(byTestId("details-close"));
  await page.gone(byTestId("details"));
  await hand.rests(byTestId("list"));
});
