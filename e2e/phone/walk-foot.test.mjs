// Walks: the speed limit at the foot, slow mode, the command palette, and the sheet of shortcuts.
import assert from "node:assert/strict";
import { paused, running } from "./rig/flow.mjs";
import { press } from "./rig/input.mjs";
import { eventually } from "./rig/page.mjs";
import { byTestId, inChromium, rowOf } from "./rig/phone.mjs";
import { walk } from "./rig/walk.mjs";

inChromium();

const given = { rows: [running, paused] };
const limitShown = (page) =>
  page.run((css) => document.querySelector(css).textContent, byTestId("speed-limit-shown"));

walk(
  "the speed limit is set by a preset and by the slider",
  { given },
  async ({ phone, page, hand, seen, wide, keys }) => {
    const opener = byTestId(wide ? "limit-chip" : "speed-open");
    await hand.use(opener);
    await page.find(byTestId("speed-panel"));
    await seen("the speed panel");
    await hand.use(byTestId("speed-preset-1000000"));
    assert.equal((await phone.untilAsked("change_settings")).settings.limit, 1_000_000);
    await page.find(`${byTestId("speed-preset-1000000")}[aria-pressed="true"]`);
    await hand.use(byTestId("speed-slow"));
    assert.equal((await phone.untilAsked("change_settings", 2)).settings.slow, true);
    await page.find(`${byTestId("speed-slow")}[aria-checked="true"], ${byTestId("speed-slow")}:checked`);
    const before = await limitShown(page);
    if (keys) {
      await hand.reach(byTestId("speed-slider"));
      await hand.press("ArrowRight");
    } else {
      const [x, y] = await page.at(byTestId("speed-slider"));
      const points = [0, 15, 30, 45, 60].map((by) => [x - by, y]);
      await (wide ? hand.drag(points) : page.swipe(points));
    }
    await phone.untilAsked("change_settings", 3);
    assert.notEqual(await limitShown(page), before);
    await hand.shut(byTestId("speed-panel"));
    await hand.rests(opener);
  },
);

walk(
  "slow mode is switched at the foot",
  { given, on: ["wide"] },
  async ({ phone, page, hand, seen, keys }) => {
    if (keys) await press(page, "Control+t");
    else await hand.use(byTestId("slow"));
    assert.equal((await phone.untilAsked("change_settings")).settings.slow, true);
    await page.find(`${byTestId("slow")}[aria-checked="true"]`);
    await seen("slow mode");
    await hand.use(byTestId("slow"));
    await page.find(`${byTestId("slow")}[aria-checked="false"]`);
  },
);

/** Opens the command palette; on a phone it has a shortcut only. */
async function palette({ page, hand, keys }) {
  if (keys) {
    await hand.reach(byTestId("list"));
    await press(page, "Control+k");
  } else {
    await hand.use(byTestId("toolbar-more"));
    await hand.use(byTestId("palette-open"));
  }
  await hand.rests(byTestId("palette-input"));
}

/** Searches a command in the open palette, and runs it. */
async function run({ page, hand, keys }, text, command) {
  await page.write(text);
  await page.find(byTestId(`palette-${command}`));
  if (!keys) return hand.use(byTestId(`palette-${command}`));
  await page.find(`${byTestId(`palette-${command}`)}[data-selected]`);
  await press(page, "Enter");
}

walk("the command palette acts, jumps and opens settings", { given, on: ["wide"] }, async (walker) => {
  const { phone, page, hand, seen } = walker;
  await palette(walker);
  await seen("the command palette");
  await run(walker, "pause all", "pauseAll");
  await phone.untilAsked("pause_all");
  await page.gone(byTestId("palette"));
  await hand.rests(byTestId("list"));

  await palette(walker);
  await run(walker, "notes", "download-2");
  await page.find(`${byTestId("details")}[data-id="2"]`);
  await page.find(`${rowOf(2)}[aria-selected="true"]`);
  await hand.rests(byTestId("list"));

  await palette(walker);
  await page.write("no such command");
  await page.find(byTestId("palette-none"));
  await seen("a palette that finds nothing");
  await page.run((css) => document.querySelector(css).select(), byTestId("palette-input"));
  await run(walker, "settings speed", "settings-speed");
  await page.find(byTestId("setting-limit"));
  await seen("a page of settings");
  await hand.shut(byTestId("settings"));
  await hand.rests(byTestId("list"));
});

walk("the sheet of shortcuts is searched", { given, on: ["wide"] }, async ({ page, hand, seen, keys }) => {
  if (keys) {
    await hand.reach(byTestId("list"));
    await press(page, "?");
  } else {
    await hand.use(byTestId("toolbar-more"));
    await hand.use(byTestId("shortcuts-open"));
  }
  await hand.rests(byTestId("shortcuts-search"));
  await seen("the sheet of shortcuts");
  await page.write("Ctrl+K");
  await eventually("the one that was sought", () =>
    page.run((css) => document.querySelectorAll(`${css} dt`).length === 1, byTestId("shortcuts")),
  );
  await seen("what was sought among the shortcuts");
  await hand.shut(byTestId("shortcuts"));
  await hand.rests(byTestId("list"));
});
