// Every way through a phone's window, by finger alone, over a core of make-believe: the built pages in the engine that
// Android's WebView has. What a core makes of it is tested elsewhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hook, inChromium, inHand, rowOf } from "./rig/hand.mjs";
import { eventually } from "./rig/page.mjs";

inChromium();

/** A test with a window of its own, closed at its end; an error on the page fails it. */
function flow(name, options, walk) {
  test(name, { timeout: 120_000 }, async () => {
    const hand = await inHand(options);
    try {
      await walk(hand, hand.page);
      assert.deepEqual(hand.page.errors, []);
    } catch (error) {
      await hand.picture(`failed-${name.replaceAll(/\W+/g, "-")}`).catch(() => undefined);
      throw error;
    } finally {
      await hand.page.close();
    }
  });
}

const running = {
  name: "film.mkv",
  phase: "running",
  total: 80_000_000,
  received: 20_000_000,
  speed: 4_000_000,
};
const paused = { name: "notes.pdf", phase: "paused", total: 8_000_000, received: 2_000_000 };
const done = { name: "song.flac", phase: "done", total: 9_000_000, received: 9_000_000, finishedAt: 1 };
const lost = {
  name: "map.tiff",
  phase: "failed",
  problem: { code: "not-found", host: "maps.example" },
  fix: "new-link",
};
const busy = {
  name: "report.zip",
  phase: "waiting",
  problem: { code: "server-error", host: "busy.example", status: 503, retryAfter: null },
  waitUntil: Date.now() + 600_000,
  attempts: 2,
};

flow(
  "a pasted link is looked at, named, put into a folder and started",
  { given: { rows: "none" } },
  async (hand, page) => {
    await page.tap(`${hook("empty-state")} button`);
    await page.tap(hook("add-url"));
    await page.paste("https://files.example.org/harbour.tiff");
    await page.find(`${hook("look")}[data-state="found"]`);
    await page.tap(hook("add-folder"));
    await hand.untilAsked("pick_folder");
    await page.tap(hook("add-name"));
    await page.run(() => document.activeElement.select());
    await page.write("Harbour.tiff");
    await page.tap(hook("add-more"));
    await page.tap(hook("add-limit"));
    await page.write("2 MB");
    await page.tap(hook("add-start"));
    const { url, options } = await hand.untilAsked("download");
    assert.equal(url, "https://files.example.org/harbour.tiff");
    assert.equal(options.name, "Harbour.tiff");
    assert.equal(options.folder, "picked");
    assert.equal(options.limit, 2_000_000);
    await page.gone(hook("add-url"));
    await page.find(rowOf(1));
    assert.equal(await page.shown(hook("details")), false, "the list stays");
  },
);

flow(
  "several links are shown as a table, and those that are wanted are added",
  { given: { rows: "none" } },
  async (hand, page) => {
    await page.tap(hook("add-open"));
    await page.tap(hook("add-url"));
    await page.paste([1, 2, 3].map((n) => `https://files.example.org/sheet-${n}.tiff`).join("\n"));
    await page.find(hook("many-table"));
    await page.tap(`${hook("many-row")}:nth-child(2) label`);
    await page.tap(hook("add-later"));
    const { items } = await hand.untilAsked("download_many");
    assert.deepEqual(
      items.map(({ url }) => url),
      ["https://files.example.org/sheet-1.tiff", "https://files.example.org/sheet-3.tiff"],
    );
    await eventually("both are in the list", async () => (await hand.ids()).length === 2);
  },
);

flow(
  "a download is paused and resumed on its row and in its details",
  { given: { rows: [running] } },
  async (hand, page) => {
    await page.tap(`${rowOf(1)} ${hook("row-pause")}`);
    await hand.untilState(1, "paused");
    await page.tap(`${rowOf(1)} ${hook("row-resume")}`);
    await hand.untilState(1, "running");
    await page.tap(`${rowOf(1)} .name`);
    await page.find(hook("details"));
    for (const tab of ["speed", "log", "options", "overview"]) {
      await page.tap(hook(`tab-${tab}`));
      await page.find(`${hook(`tab-${tab}`)}[aria-selected="true"]`);
    }
    await page.tap(`${hook("details")} ${hook("row-pause")}`);
    await page.find(`${hook("details")} ${hook("row-resume")}`);
    await page.tap(hook("tab-options"));
    await page.tap(`label:has(${hook("option-priority-high")})`);
    assert.deepEqual(await hand.untilAsked("set_priority"), { id: 1, priority: "high" });
    assert.equal(await page.back(), true);
    await page.gone(hook("details"));
  },
);

flow(
  "why a download failed is said, and it is tried again or given another link",
  { given: { rows: [lost, busy] } },
  async (hand, page) => {
    await page.find(`${rowOf(1)} ${hook("problem")}`);
    await page.tap(`${rowOf(2)} ${hook("row-retry")}`);
    await hand.untilAsked("retry");
    await hand.untilState(2, "running");
    await page.tap(`${rowOf(1)} .name`);
    assert.match(
      await page.run(() => document.querySelector(".sheet [role=note]").textContent),
      /maps\.example/,
    );
    await page.tap(`${hook("details")} ${hook("row-fix")}`);
    await page.tap(hook("link-url"));
    await page.run(() => document.activeElement.select());
    await page.write("https://other.example/map.tiff");
    await page.tap(hook("link-save"));
    assert.deepEqual(await hand.untilAsked("change_link"), { id: 1, url: "https://other.example/map.tiff" });
    await page.gone(hook("link-url"));
  },
);

flow(
  "rows are selected by a long press, removed together, and brought back",
  { given: { rows: [running, paused, done] } },
  async (hand, page) => {
    await page.tap(`${rowOf(3)} .name`);
    await page.find(hook("details"));
    assert.equal(await page.back(), true);
    await page.gone(hook("details"));
    await page.hold(`${rowOf(2)} .name`, hook("select-end"));
    assert.deepEqual(
      await page.run(
        (css) => [...document.querySelectorAll(css)].map((row) => row.dataset.id),
        `${hook("download-row")}[aria-selected="true"]`,
      ),
      ["2"],
      "what was opened before is not selected too",
    );
    assert.equal(await page.shown(hook("details")), false, "the finger that selects does not open");
    await page.tap(`${rowOf(1)} .name`);
    await page.find(`${rowOf(1)}[aria-selected="true"]`);
    await page.tap(hook("selected-remove"));
    await eventually("both are gone", async () => (await hand.ids()).join() === "3");
    await page.tap(hook("toast-action"));
    await eventually("all are back", async () => (await hand.ids()).join() === "3,2,1");
    await page.hold(`${rowOf(3)} .name`, hook("select-end"));
    assert.equal(await page.back(), true);
    await page.gone(hook("select-end"));
    await page.hold(`${rowOf(3)} .name`, hook("select-end"));
    await page.tap(hook("selected-remove"));
    await page.tap(hook("remove-keep"));
    assert.deepEqual(await hand.untilAsked("remove_many", 2), { ids: [3], leftover: "keep" });
  },
);

flow(
  "a finished file is opened, and shown to other apps",
  { given: { rows: [done] } },
  async (hand, page) => {
    await page.tap(`${rowOf(1)} ${hook("row-open")}`);
    assert.deepEqual(await hand.untilAsked("open_file"), { id: 1 });
    await page.tap(`${rowOf(1)} .name`);
    await page.tap(hook("details-more"));
    await page.tap(hook("menu-reveal"));
    assert.deepEqual(await hand.untilAsked("reveal"), { id: 1 });
  },
);

flow(
  "the list is filtered, searched and sorted",
  { given: { rows: [running, paused, done, lost] } },
  async (hand, page) => {
    await page.tap(hook("filter-done"));
    await eventually("the finished one alone", async () => (await hand.ids()).join() === "3");
    await page.tap(hook("views-open"));
    await page.tap(hook("filter-failed"));
    await eventually("the failed one alone", async () => (await hand.ids()).join() === "4");
    await page.tap(hook("filter-all"));
    await page.tap(hook("search-open"));
    await page.write("notes");
    await eventually("what was searched for", async () => (await hand.ids()).join() === "2");
    await page.run(() => document.activeElement.select());
    await page.write("nothing of that");
    await page.find(hook("empty-part"));
    assert.equal(await page.back(), true);
    await page.gone(hook("search"));
    await eventually("all again", async () => (await hand.ids()).length === 4);
    await page.tap(hook("sort"));
    await page.tap(hook("sort-name"));
    await eventually("by name", async () => (await hand.ids()).join() === "1,4,2,3");
  },
);

flow("settings are changed, the folder among them", { given: { rows: [done] } }, async (hand, page) => {
  await page.tap(hook("settings-open"));
  await page.tap(hook("setting-folder"));
  await hand.untilAsked("pick_folder");
  assert.equal((await hand.untilAsked("change_settings")).settings.folder.id, "picked");
  await page.tap(hook("setting-slow"));
  assert.equal((await hand.untilAsked("change_settings", 2)).settings.slow, true);
  await page.find(`${hook("setting-slow")}:checked`);
  assert.equal(await page.back(), true);
  await page.gone(hook("settings"));
});

flow(
  "leave for notices is asked for by a press only",
  { given: { rows: [running], consent: "notAsked" } },
  async (hand, page) => {
    await page.find(hook("hint-notices"));
    assert.deepEqual(await hand.asked("ask_for_notices"), []);
    await page.tap(hook("hint-ask"));
    await hand.untilAsked("ask_for_notices");
    await page.gone(hook("hint-notices"));
  },
);

flow(
  "work that the system ended is told, with the way to its settings",
  { given: { rows: [paused], ended: true } },
  async (hand, page) => {
    await page.tap(hook("hint-battery"));
    await hand.untilAsked("battery_settings");
    await page.tap(hook("hint-away"));
    await page.gone(hook("hint-ended"));
  },
);

flow(
  "the way back closes the topmost thing first, and leaves only the list",
  { given: { rows: [paused] } },
  async (hand, page) => {
    await page.tap(`${rowOf(1)} .name`);
    await page.tap(hook("details-more"));
    await page.tap(hook("menu-link"));
    await page.find(hook("link-url"));
    assert.equal(await page.back(), true);
    await page.gone(hook("link-url"));
    await page.find(hook("details"));
    assert.equal(await page.back(), true);
    await page.gone(hook("details"));
    for (const [open, css] of [
      ["add-open", "add-url"],
      ["views-open", "pause-all"],
      ["settings-open", "settings"],
      ["search-open", "search"],
    ]) {
      await page.tap(hook(open));
      await page.find(hook(css));
      assert.equal(await page.back(), true, open);
      await page.gone(hook(css));
    }
    assert.equal(await page.back(), false, "now the app is left");
  },
);

flow("nothing behind a sheet feels a finger", { given: { rows: "many" } }, async (hand, page) => {
  const top = () => page.run((css) => document.querySelector(css).scrollTop, hook("list"));
  const search = await page.at(hook("search-open"));
  const row = await page.at(`${rowOf(399)} .name`);
  await page.tap(hook("views-open"));
  await page.find(hook("pause-all"));
  await page.settled();
  await page.swipe([row, [row[0], row[1] - 30], [row[0], row[1] - 60], [row[0], row[1] - 90]]);
  assert.equal(await top(), 0, "the list does not scroll");
  await page.find(hook("pause-all"));
  await page.tapAt(search);
  await page.gone(hook("pause-all"));
  assert.equal(await page.shown(hook("search")), false);
  await page.tap(`${rowOf(399)} .name`);
  await page.find(hook("details"));
  await page.settled();
  const covered = await page.run(() => {
    const list = document.querySelector('[data-testid="list"]').getBoundingClientRect();
    const hits = [0.1, 0.5, 0.9].map((part) =>
      document.elementFromPoint(innerWidth / 2, list.top + list.height * part),
    );
    return hits.every((hit) => hit.closest(".sheet") !== null) && document.querySelector(".window").inert;
  });
  assert.ok(covered, "the details cover the list");
});

flow("a finger scrolls the list, and a swipe is no tap", { given: { rows: "many" } }, async (hand, page) => {
  const top = () => page.run((css) => document.querySelector(css).scrollTop, hook("list"));
  const [x, y] = await page.at(`${rowOf(396)} .name`);
  await page.swipe([[x, y], [x, y - 20], [x, y - 60], [x, y - 120], [x, y - 200]]); // prettier-ignore
  await eventually("it scrolls", async () => (await top()) > 100);
  assert.equal(await page.shown(hook("details")), false);
  assert.equal(await page.shown(hook("select-end")), false);
});

flow(
  "a core that falls silent is said above the list, and that it is back",
  { given: { rows: [running] } },
  async (hand, page) => {
    await page.run(() => {
      window.core.wire = () => undefined;
      window.core.answers.set("attach", () => new Promise(() => undefined));
    });
    await page.find(hook("lost"));
    await page.run(() => {
      window.core.wire = (channel, message) => window.core.deliver(channel, message);
      window.core.answers.delete("attach");
    });
    await page.gone(hook("lost"));
  },
);
