// What a phone does with the files of downloads, by touch alone, over the fake core.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byTestId, inChromium, openPhone, rowOf } from "./rig/phone.mjs";

inChromium();

const song = { name: "song.flac", phase: "done", total: 9_000_000, received: 9_000_000, finishedAt: 1 };

/** Opens the drawer of the only row. */
async function drawer(page) {
  await page.tap(`${rowOf(1)} .name`);
  await page.tap(byTestId("details-more"));
}

test("a finished file is renamed and moved from the drawer", { timeout: 120_000 }, async () => {
  const phone = await openPhone({ given: { rows: [song] } });
  const { page } = phone;
  try {
    await drawer(page);
    await page.tap(byTestId("menu-rename"));
    await page.find(byTestId("rename-name"));
    await page.run(() => document.querySelector("[data-testid=rename-name]").select());
    await page.write("other.flac");
    await page.tap(byTestId("rename-do"));
    assert.deepEqual(await phone.untilAsked("rename_file"), { id: 1, name: "other.flac" });
    await page.gone(byTestId("rename-do"));
    await page.tap(byTestId("details-more"));
    await page.tap(byTestId("menu-move"));
    await page.tap(byTestId("move-folder"));
    await page.tap(byTestId("move-do"));
    assert.deepEqual(await phone.untilAsked("move_file"), { id: 1, folder: "picked" });
    assert.deepEqual(page.errors, []);
  } catch (error) {
    await phone.picture("failed-files").catch(() => undefined);
    throw error;
  } finally {
    await page.close();
  }
});

test("a file that is gone says so and is downloaded again", { timeout: 120_000 }, async () => {
  const phone = await openPhone({ given: { rows: [song] } });
  const { page } = phone;
  try {
    await page.find(rowOf(1));
    await page.run(() => {
      window.core.missing.add(1);
      window.dispatchEvent(new Event("focus"));
    });
    await page.find(byTestId("file-missing"));
    assert.equal(await page.shown(byTestId("row-locate")), false, "a phone has no file to point at");
    await page.tap(byTestId("row-again"));
    assert.deepEqual(await phone.untilAsked("download_again"), { id: 1 });
    await page.gone(byTestId("file-missing"));
    assert.deepEqual(page.errors, []);
  } catch (error) {
    await phone.picture("failed-files-gone").catch(() => undefined);
    throw error;
  } finally {
    await page.close();
  }
});

test("the details of a finished file open and share it", { timeout: 120_000 }, async () => {
  const phone = await openPhone({ given: { rows: [song] } });
  const { page } = phone;
  try {
    await page.tap(`${rowOf(1)} .name`);
    await page.tap(byTestId("row-share"));
    assert.deepEqual(await phone.untilAsked("reveal"), { id: 1 });
    await page.tap(`${byTestId("details")} ${byTestId("row-open")}`);
    assert.deepEqual(await phone.untilAsked("open_file"), { id: 1 });
    assert.equal(await page.shown(byTestId("folder-open")), false);
    assert.deepEqual(page.errors, []);
  } finally {
    await page.close();
  }
});
