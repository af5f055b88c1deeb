// The words of a search and the filters on a phone are those of a desktop: they combine, and a saved search is there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byTestId, inChromium, openPhone } from "./rig/phone.mjs";
import { eventually } from "./rig/page.mjs";

inChromium();

const rows = [
  { name: "film.mkv", category: "video", phase: "running", total: 3_000_000_000 },
  { name: "clip.mkv", category: "video", phase: "failed", total: 20_000_000, tags: ["Work"] },
  { name: "song.flac", category: "audio", phase: "failed", total: 40_000_000 },
];
const view = { name: "Broken films", search: "ext:mkv is:failed", filter: "all", category: null, sort: [] };

test("status, type, search words and saved searches choose the rows", { timeout: 120_000 }, async () => {
  const stored = `localStorage.setItem("millrace.views", ${JSON.stringify(JSON.stringify([view]))});`;
  const phone = await openPhone({ given: { rows }, scripts: [stored] });
  const { page } = phone;
  const shown = (what, ids) => eventually(what, async () => (await phone.ids()).join() === ids);
  try {
    await page.tap(byTestId("filter-failed"));
    await shown("what failed", "3,2");
    await page.tap(byTestId("views-open"));
    await page.tap(byTestId("category-video"));
    await shown("the film that failed", "2");
    await page.tap(byTestId("filter-all"));
    await shown("everything", "3,2,1");

    await page.tap(byTestId("search-open"));
    await page.write("type:video >1gb");
    await shown("large films", "1");
    await page.run(() => document.activeElement.select());
    await page.write("tag:work");
    await shown("what has this tag", "2");
    assert.equal(await page.back(), true);
    await page.gone(byTestId("search"));

    await page.tap(byTestId("views-open"));
    await page.tap(byTestId("saved-view"));
    await shown("the saved search", "2");
    assert.deepEqual(page.errors, []);
  } finally {
    await page.close();
  }
});
