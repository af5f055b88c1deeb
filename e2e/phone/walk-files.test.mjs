// Walks: what is done with the file of a finished download.
import assert from "node:assert/strict";
import { done, paused } from "./rig/flow.mjs";
import { press } from "./rig/input.mjs";
import { eventually } from "./rig/page.mjs";
import { byTestId, inChromium, rowOf } from "./rig/phone.mjs";
import { walk } from "./rig/walk.mjs";

inChromium();

const given = { rows: [done, paused] };
const copied = (page, text) =>
  eventually(`“${text}” is copied`, () =>
    page.run(async (wanted) => (await navigator.clipboard.readText()) === wanted, text),
  );

/** Runs an item of the row's menu. */
async function item({ hand }, id) {
  await hand.menu(1, byTestId(id));
  await hand.use(byTestId(id));
}

walk("a file is renamed", { given }, async (walker) => {
  const { phone, page, hand, seen, keys } = walker;
  if (keys) {
    await hand.pick(1);
    await press(page, "F2");
  } else await item(walker, "menu-rename");
  await hand.rests(byTestId("rename-name"));
  await seen("the new name");
  assert.equal(await page.run(() => String(getSelection())), "song", "the ending is not selected");
  await hand.fill(byTestId("rename-name"), "other.flac");
  await hand.use(byTestId("rename-do"));
  assert.deepEqual(await phone.untilAsked("rename_file"), { id: 1, name: "other.flac" });
  await page.gone(byTestId("rename-do"));
  await hand.rests(byTestId("list"));
  await item(walker, "menu-rename");
  await hand.rests(byTestId("rename-name"));
  await hand.shut(byTestId("rename-name"));
  assert.equal((await phone.asked("rename_file")).length, 1, "leaving it changes nothing");
  await hand.rests(byTestId("list"));
});

walk("a file is moved", { given }, async (walker) => {
  const { phone, page, hand, seen } = walker;
  await item(walker, "menu-move");
  await page.find(byTestId("move-recent"));
  await seen("the move");
  const wanted = await page.run(
    (css) => document.querySelector(css).dataset.tooltip,
    byTestId("move-recent"),
  );
  await hand.use(byTestId("move-recent"));
  await eventually("the folder is chosen", () =>
    page.run(
      (css, label) => document.querySelector(css).textContent.includes(label),
      byTestId("move-folder"),
      wanted,
    ),
  );
  await hand.use(byTestId("move-do"));
  const { id, folder } = await phone.untilAsked("move_file");
  assert.equal(id, 1);
  assert.notEqual(folder, null);
  await page.gone(byTestId("move-do"));
  await hand.rests(byTestId("list"));
});

/** The file of the first row has gone. */
async function lose({ page }) {
  await page.find(rowOf(1));
  await page.run(() => {
    window.core.missing.add(1);
    window.dispatchEvent(new Event("focus"));
  });
  await page.find(byTestId("file-missing"));
}

walk("a file that has gone is pointed at", { given, on: ["wide"] }, async (walker) => {
  const { phone, page, hand, seen } = walker;
  await lose(walker);
  await seen("a row without its file");
  await hand.pick(1);
  await hand.use(`${rowOf(1)} ${byTestId("row-locate")}`);
  assert.equal((await phone.untilAsked("locate")).id, 1);
  await page.gone(byTestId("file-missing"));
  await hand.rests(byTestId("list"));
});

walk("a file that has gone is downloaded again", { given }, async (walker) => {
  const { phone, page, hand, seen } = walker;
  await lose(walker);
  await seen("a row without its file");
  await item(walker, "menu-again");
  assert.deepEqual(await phone.untilAsked("download_again"), { id: 1 });
  await page.gone(byTestId("file-missing"));
  await hand.rests(byTestId("list"));
});

walk("a file is opened with another program", { given, on: ["wide"] }, async (walker) => {
  const { phone, hand } = walker;
  await item(walker, "menu-open-with");
  assert.equal((await phone.untilAsked("open_with")).id, 1);
  await hand.rests(byTestId("list"));
});

walk("name and link are copied from the menu", { given }, async (walker) => {
  const { page, hand, seen, wide } = walker;
  await hand.menu(1, byTestId("menu-copy"));
  if (wide) await hand.use(byTestId("menu-copy"));
  await page.find(byTestId("menu-copy-name"));
  await seen("what can be copied");
  await hand.use(byTestId("menu-copy-name"));
  await copied(page, "song.flac");
  await page.gone(byTestId("menu-copy"));
  await hand.rests(byTestId("list"));
  await hand.menu(1, byTestId("menu-copy"));
  await hand.shut(byTestId("menu-copy"));
});

walk("a finished file is looked at", { given }, async (walker) => {
  const { phone, page, hand, seen, keys } = walker;
  if (keys) {
    await hand.pick(1);
    await press(page, "Space");
  } else await item(walker, "menu-look");
  await page.find(`${byTestId("quick-look")}[data-kind="text"]`);
  await seen("the look at a file");
  await hand.use(byTestId("look-open"));
  assert.deepEqual(await phone.untilAsked("open_file"), { id: 1 });
  if (keys) {
    await hand.reach(`${byTestId("quick-look")} pre`);
    await press(page, "Space");
    await page.gone(byTestId("quick-look"));
  } else await hand.shut(byTestId("quick-look"));
  await hand.rests(byTestId("list"));
});
