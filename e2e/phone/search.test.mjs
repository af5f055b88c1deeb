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

test("a search is saved on the phone, and shown again by its name", { timeout: 120_000 }, async () => {
  const phone = await openPhone({ given: { rows, language: "de" } });
  const { page } = phone;
  const shown = (what, ids) => eventually(what, async () => (await phone.ids()).join() === ids);
  try {
    await page.tap(byTestId("search-open"));
    await page.write("ext:mkv");
    await shown("what ends so", "2,1");
    await page.tap(byTestId("view-save"));
    await page.find(byTestId("view-name"));
    await page.write("Filme");
    await page.tap(byTestId("view-keep"));
    await page.gone(byTestId("view-save"));
    assert.equal(await page.back(), true);
    await shown("everything", "3,2,1");
    await page.tap(byTestId("views-open"));
    assert.equal(
      await page.run((css) => document.querySelector(css).textContent.trim(), byTestId("saved-view")),
      "Filme",
    );
    await page.tap(byTestId("saved-view"));
    await shown("the saved search", "2,1");
    assert.deepEqual(page.errors, []);
  } finally {
    await page.close();
  }
});

test(
  "tags stand in the row where they fit, and no number is cut for them",
  { timeout: 120_000 },
  async () => {
    const long = {
      ...rows[1],
      phase: "running",
      speed: 4_000_000,
      eta: 4_900,
      tags: ["Work", "a-tag-as-long-as-it-gets"],
    };
    const phone = await openPhone({
      screen: "small",
      given: { rows: [rows[1], { ...rows[2], phase: "done", tags: ["Home"] }, long] },
    });
    const { page } = phone;
    try {
      const lines = await page.run(() =>
        [...document.querySelectorAll("[data-testid=row-line]")].map((line) => {
          const { bottom, right } = line.getBoundingClientRect();
          const seen = (one) => one.getBoundingClientRect().bottom <= bottom + 1;
          const cut = [...line.querySelectorAll(".fact, .eta, .tag")].filter(
            (one) =>
              seen(one) &&
              (one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right > right + 1),
          );
          return {
            tags: [...line.querySelectorAll(".tag")].filter(seen).map((tag) => tag.textContent),
            cut: cut.length,
          };
        }),
      );
      assert.ok(lines.some(({ tags }) => tags.includes("Home")));
      assert.ok(lines.every(({ tags, cut }) => cut === 0 && !tags.includes("a-tag-as-long-as-it-gets")));
      assert.deepEqual(page.errors, []);
    } finally {
      await page.close();
    }
  },
);
