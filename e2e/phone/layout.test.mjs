// All views of the phone layout on two screens, light and dark, with normal and doubled text, with insets from the
// WebView and from the app: nothing is truncated, covered, out of reach, too small to touch or too low in contrast.
import assert from "node:assert/strict";
import { test } from "node:test";
import { colourScript, coloursHold } from "./rig/colours.mjs";
import { bars, byTestId, inChromium, openPhone, rowOf } from "./rig/phone.mjs";
import { eventually } from "./rig/page.mjs";
import { focusIsSeen, looksRight } from "./rig/layout-checks.mjs";

inChromium();

const link = "https://files.example.org/survey/harbour-panorama-of-1911.tiff";
const many = [1, 2, 3, 4, 5, 6].map((n) => `https://files.example.org/sheet-${n}.tiff`).join("\n");

async function adding(page, text) {
  await page.tap(byTestId("add-open"));
  await page.find(byTestId("add-url"));
  if (text !== undefined) await page.write(text);
}

/** Scrolls to a distant row first: only rows near the viewport are in the DOM. */
async function nameOf(page, id) {
  await eventually(`row ${id} is there`, () =>
    page.run(
      (css, list) => {
        if (document.querySelector(css) !== null) return true;
        const box = document.querySelector(list);
        const end = box.scrollTop + box.clientHeight >= box.scrollHeight - 1;
        box.scrollTop = end ? 0 : box.scrollTop + 200;
        return false;
      },
      rowOf(id),
      byTestId("list"),
    ),
  );
  return `${rowOf(id)} .name`;
}
const openRow = async (page, id) => page.tap(await nameOf(page, id));
const holdRow = async (page, id) => page.hold(await nameOf(page, id), byTestId("select-end"));

/** All views, with the touches that lead there from the list; `focus`: number of Tab presses to test there. */
const views = [
  { name: "list", go: () => undefined, focus: 8 },
  { name: "selection", go: (page) => holdRow(page, 13) },
  { name: "sorting", go: (page) => page.tap(byTestId("sort")), ready: byTestId("sort-name") },
  { name: "search", go: (page) => page.tap(byTestId("search-open")), ready: byTestId("search") },
  {
    name: "search-nothing",
    go: async (page) => {
      await page.tap(byTestId("search-open"));
      await page.write("nothing has such a name");
    },
    ready: byTestId("empty-part"),
  },
  { name: "views", go: (page) => page.tap(byTestId("views-open")), ready: byTestId("pause-all"), focus: 4 },
  { name: "speed", go: (page) => page.tap(byTestId("speed-open")), ready: byTestId("speed-panel"), focus: 4 },
  {
    name: "finished",
    go: (page) => page.tap(byTestId("filter-done")),
    away: (page) => page.tap(byTestId("nav-downloads")),
  },
  ...["overview", "log", "options"].map((tab) => ({
    name: `details-${tab}`,
    go: async (page) => {
      await openRow(page, 13);
      await page.tap(byTestId(`tab-${tab}`));
    },
    ready: `${byTestId(`tab-${tab}`)}[aria-selected="true"]`,
    focus: tab === "options" ? 10 : 0,
  })),
  {
    name: "details-options-general",
    go: async (page) => {
      await openRow(page, 13);
      await page.tap(byTestId("tab-options"));
      await page.tap(byTestId("group-general"));
    },
    ready: byTestId("option-tags"),
  },
  {
    name: "details-failed",
    go: async (page) => {
      await openRow(page, 4);
      await page.tap(byTestId("tab-overview"));
    },
    ready: ".sheet [role=note]",
  },
  {
    name: "menu",
    go: async (page) => {
      await openRow(page, 13);
      await page.tap(byTestId("details-more"));
    },
    ready: byTestId("menu-copy"),
  },
  {
    name: "link",
    go: async (page) => {
      await openRow(page, 4);
      await page.tap(`${byTestId("details")} ${byTestId("row-fix")}`);
    },
    ready: byTestId("link-save"),
  },
  {
    name: "remove",
    go: async (page) => {
      await openRow(page, 1);
      await page.tap(byTestId("details-more"));
      await page.tap(byTestId("menu-remove"));
    },
    ready: byTestId("remove-keep"),
  },
  { name: "add", go: (page) => adding(page), focus: 8 },
  { name: "add-found", go: (page) => adding(page, link), ready: `${byTestId("look")}[data-state="found"]` },
  {
    name: "add-more",
    go: async (page) => {
      await adding(page, link);
      await page.tap(byTestId("add-more"));
    },
    ready: byTestId("add-proxy"),
  },
  { name: "add-many", go: (page) => adding(page, many), ready: byTestId("many-table") },
  {
    name: "add-wrong",
    go: async (page) => {
      await adding(page, "ftp://files.example.org/a");
      await page.tap(byTestId("add-start"));
    },
    ready: byTestId("field-error"),
  },
  {
    name: "same",
    go: async (page) => {
      await page.run(() => {
        const same = { id: 11, by: "file", name: "lecture-07-hydraulics.mp4", phase: "running" };
        window.core.answers.set("same", () => [same]);
      });
      await adding(page, link);
      await page.find(`${byTestId("look")}[data-state="found"]`);
      await page.tap(byTestId("add-start"));
    },
    ready: byTestId("same-keep"),
  },
  {
    name: "settings",
    go: (page) => page.tap(byTestId("settings-open")),
    ready: byTestId("settings-go-system"),
    focus: 8,
  },
  {
    name: "settings-speed",
    go: async (page) => {
      await page.tap(byTestId("settings-open"));
      await page.tap(byTestId("settings-go-speed"));
    },
    ready: byTestId("setting-limit"),
    focus: 10,
  },
  {
    name: "settings-categories",
    go: async (page) => {
      await page.tap(byTestId("settings-open"));
      await page.tap(byTestId("settings-go-files"));
      await page.tap(byTestId("setting-categories"));
    },
    ready: byTestId("setting-category-video"),
  },
  {
    name: "settings-end",
    go: async (page) => {
      await page.tap(byTestId("settings-open"));
      await page.tap(byTestId("settings-go-about"));
      await page.find(byTestId("setting-report"));
      await page.run(
        (css) => document.querySelector(css).scrollIntoView({ block: "center" }),
        byTestId("setting-report"),
      );
    },
  },
  {
    name: "undo",
    go: async (page) => {
      await holdRow(page, 13);
      await page.tap(byTestId("selected-remove"));
    },
    ready: byTestId("toast-action"),
    away: (page) => page.tap(byTestId("toast-action")),
  },
  {
    name: "lost",
    go: (page) =>
      page.run(() => {
        window.core.wire = () => undefined;
        window.core.answers.set("attach", () => new Promise(() => undefined));
      }),
    ready: byTestId("lost"),
  },
];

/** Lists other than the default one. */
const others = [
  { name: "empty", given: { rows: "none" }, ready: byTestId("empty-state") },
  { name: "hint-notices", given: { consent: "notAsked" }, ready: byTestId("hint-notices") },
  { name: "hint-ended", given: { ended: true }, ready: byTestId("hint-ended") },
];

const hands = [
  { screen: "tall", insets: "env", dark: false, text: 1, language: "en" },
  { screen: "small", insets: "old", dark: true, text: 1, language: "de" },
  { screen: "small", insets: "env", dark: false, text: 2, language: "en" },
  { screen: "tall", insets: "old", dark: true, text: 2, language: "de" },
];

/** Goes back to the list. */
async function home(page) {
  const open = () =>
    page.run(
      (all) => all.filter((css) => document.querySelector(css) !== null).length,
      [".menu", ".modal", ".sheet", ...["modal-back", "select-end", "search"].map(byTestId)],
    );
  for (let left = await open(); left > 0; left = await open()) {
    if (await page.shown(".menu")) await page.press("Escape");
    else await page.back();
    await eventually("the way back closes something", async () => (await open()) < left);
  }
  // The add button is away while the list is scrolled down.
  await page.run((css) => (document.querySelector(css).scrollTop = 0), byTestId("list"));
}

for (const { language, ...how } of hands) {
  const called = `${how.screen}-${how.dark ? "dark" : "light"}-${how.text * 100}-${how.insets}-${language}`;
  test(`all views, ${called}`, { timeout: 240_000 }, async (t) => {
    const scripts = [await colourScript()];
    const phone = await openPhone({ ...how, still: true, given: { language }, scripts });
    const { page } = phone;
    const look = async (one, phone) => {
      if (one.ready) await phone.page.find(one.ready);
      await phone.picture(`${one.name}-${called}`);
      await looksRight(phone, `${one.name}, ${called}`, { insets: bars });
      await coloursHold(phone, `${one.name}, ${called}`);
      if (one.focus) await focusIsSeen(phone, one.name, one.focus);
    };
    try {
      for (const one of views) {
        await t.test(one.name, async () => {
          await one.go(page);
          await look(one, phone);
          await one.away?.(page);
        });
        await home(page);
      }
    } finally {
      await page.close();
    }
    for (const one of others) {
      const phone = await openPhone({ ...how, still: true, given: { language, ...one.given }, scripts });
      try {
        await t.test(one.name, () => look(one, phone));
      } finally {
        await phone.page.close();
      }
    }
  });
}

/** Rows whose numbers are the widest. */
const wide = [
  { name: "a.iso", total: 398_000_000_000, received: 247_000_000_000, speed: 42_700_000, eta: 594 },
  { name: "b.iso", total: 999_000_000, received: 888_000_000, speed: 888_000, eta: 40_000 },
  { name: "c.iso", phase: "paused", total: 88_800_000_000, received: 66_600_000_000 },
  { name: "d.iso", phase: "done", total: 88_800_000_000, received: 88_800_000_000, finishedAt: 1 },
  { name: "e.iso", total: null, received: 888_000_000, speed: 88_800_000 },
];

/** Rows with a number that is cut or left out. */
function cutRows() {
  return [...document.querySelectorAll('[data-testid="row-line"]')].flatMap((line) => {
    const parts = [line, ...line.querySelectorAll("*")];
    const cut = parts.some(
      (one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline",
    );
    const facts = line.querySelector(".facts");
    return cut || facts.scrollHeight > facts.clientHeight + 1 ? [line.textContent] : [];
  });
}

for (const screen of ["tall", "small"]) {
  for (const language of ["en", "de", "zh"]) {
    test(`no number is cut, ${screen}, ${language}`, { timeout: 60_000 }, async () => {
      const phone = await openPhone({ screen, still: true, given: { language, rows: wide } });
      try {
        await phone.page.find(rowOf(5));
        await phone.picture(`numbers-${screen}-${language}`);
        assert.deepEqual(await phone.page.run(cutRows), []);
      } finally {
        await phone.page.close();
      }
    });
  }
}

test("what is used most is within reach of the thumb", { timeout: 60_000 }, async () => {
  const phone = await openPhone({ still: true });
  try {
    for (const id of ["add-open", "nav-downloads", "filter-done", "search-open", "settings-open"]) {
      const [, y] = await phone.page.at(byTestId(id));
      assert.ok(y > phone.height * 0.4, `${id} is at ${y} of ${phone.height}`);
    }
  } finally {
    await phone.page.close();
  }
});
