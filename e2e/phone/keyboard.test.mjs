// The on-screen keyboard: the focused field and every button of its sheet stay above it, whether the system resizes the
// page, overlays the keyboard and tells the page, or tells only the app.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bars, byTestId, inChromium, openPhone, rowOf } from "./rig/phone.mjs";
import { eventually } from "./rig/page.mjs";
import { looksRight } from "./rig/layout-checks.mjs";

inChromium();

const high = 300;

/** Ways in which the keyboard appears; each returns how much of the page it covers. */
const keyboards = {
  "makes the page smaller": async (phone) => {
    await phone.page.fit(phone.width, phone.height - high);
    phone.height -= high;
    return 0;
  },
  "lies over the page": async (phone) => {
    await phone.page.run((px) => window.cover(px), high);
    return high;
  },
  "is told by the app": async (phone) => {
    await phone.tellInsets({ ...bars, keyboard: high });
    return high;
  },
};

/** Makes the visual viewport smaller than the layout viewport, which no keyboard does on a desktop. */
const coverable = `{
  let covered = 0;
  const seen = new EventTarget();
  const told = { height: () => innerHeight - covered, width: () => innerWidth, scale: () => 1, offsetTop: () => 0 };
  for (const [name, get] of Object.entries(told)) Object.defineProperty(seen, name, { get });
  Object.defineProperty(window, "visualViewport", { get: () => seen });
  window.cover = (px) => { covered = px; seen.dispatchEvent(new Event("resize")); };
}`;

const fields = [
  ["the link", async (page) => page.tap(byTestId("add-open")), byTestId("add-url")],
  [
    "a field behind More",
    async (page) => {
      await page.tap(byTestId("add-open"));
      await page.tap(byTestId("add-more"));
      await page.tap(byTestId("add-proxy"));
    },
    byTestId("add-proxy"),
  ],
  [
    "another link",
    async (page) => {
      await page.run((css) => (document.querySelector(css).scrollTop = 10_000), byTestId("list"));
      await page.tap(`${rowOf(4)} .name`);
      await page.tap(`${byTestId("details")} ${byTestId("row-fix")}`);
    },
    byTestId("link-url"),
  ],
  ["the search", (page) => page.tap(byTestId("search-open")), byTestId("search")],
  [
    "a download's limit",
    async (page) => {
      await page.tap(`${rowOf(13)} .name`);
      await page.tap(byTestId("tab-options"));
      await page.tap(byTestId("option-limit"));
    },
    byTestId("option-limit"),
  ],
  [
    "a setting",
    async (page) => {
      await page.tap(byTestId("settings-open"));
      await page.tap(byTestId("settings-go-speed"));
      await page.tap(byTestId("setting-limit"));
    },
    byTestId("setting-limit"),
  ],
];

for (const [how, up] of Object.entries(keyboards)) {
  for (const screen of ["tall", "small"]) {
    test(
      `a keyboard that ${how} covers nothing, on the ${screen} screen`,
      { timeout: 120_000 },
      async (t) => {
        for (const [what, go, css] of fields) {
          await t.test(what, async () => {
            const insets = how === "is told by the app" ? "old" : "env";
            const phone = await openPhone({ screen, insets, still: true, scripts: [coverable] });
            const { page } = phone;
            try {
              await go(page);
              await page.find(css);
              await eventually("it has the focus", () =>
                page.run((one) => document.activeElement.matches(one), css),
              );
              const keyboard = await up(phone);
              const called = `keyboard-${what}-${how}-${screen}`.replaceAll(" ", "-");
              await page.settled();
              const { top, bottom } = await page.run((one) => {
                const { top, bottom } = document.querySelector(one).getBoundingClientRect();
                return { top, bottom };
              }, css);
              await phone.picture(called);
              assert.ok(
                top >= bars.top - 1 && bottom <= phone.height - keyboard + 1,
                `the field is seen: ${top} to ${bottom}`,
              );
              await looksRight(phone, called, { insets: bars, keyboard });
              await page.write("12");
              assert.equal(await page.run((one) => document.activeElement.matches(one), css), true);
            } finally {
              await page.close();
            }
          });
        }
      },
    );
  }
}
