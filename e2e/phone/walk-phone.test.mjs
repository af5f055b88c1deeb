// Walks of a phone alone: swipes, chips, the bottom bar, drawers, the pages of settings, and the bar of the details.
import assert from "node:assert/strict";
import { across, done, lost, paused, running, tapUntil } from "./rig/flow.mjs";
import { press } from "./rig/input.mjs";
import { eventually } from "./rig/page.mjs";
import { byTestId, inChromium, rowOf } from "./rig/phone.mjs";
import { walk } from "./rig/walk.mjs";

inChromium();

const given = { rows: [running, paused, done, lost] };
const phoneOnly = { given, on: ["tall"] };
const until = (what, read, expected) =>
  eventually(what, async () => {
    const now = String(await read());
    if (now !== String(expected)) throw new Error(`it is ${now}`);
    return true;
  });

walk("a row is removed, and brought back", phoneOnly, async ({ phone, page, hand, seen, keys }) => {
  if (keys) {
    await hand.pick(1);
    await press(page, "Delete");
  } else {
    const [x, y] = await page.at(`${rowOf(1)} .name`);
    await page.swipe(across([x + 100, y], -140));
  }
  await page.gone(rowOf(1));
  await page.find(byTestId("toast-action"));
  await seen("the way back");
  if (keys) await hand.use(byTestId("toast-action"));
  else await tapUntil(page, byTestId("toast-action"), rowOf(1));
  await page.find(rowOf(1));
  await until("all are there", () => phone.ids(), [4, 3, 2, 1]);
});

walk("status chips and the bottom bar choose the rows", phoneOnly, async ({ phone, page, hand, seen }) => {
  await hand.use(byTestId("filter-paused"));
  await until("the paused one alone", () => phone.ids(), [2]);
  await page.find(`${byTestId("filter-paused")}[aria-pressed="true"]`);
  await seen("the paused ones");
  await hand.use(byTestId("filter-all"));
  await until("all", () => phone.ids(), [4, 3, 2, 1]);
  await hand.use(byTestId("filter-done"));
  await until("the finished one alone", () => phone.ids(), [3]);
  await seen("the finished ones");
  await hand.use(byTestId("nav-downloads"));
  await until("all again", () => phone.ids(), [4, 3, 2, 1]);
});

/** Pulls the open drawer down by its handle. */
async function pull(page) {
  const [x, y] = await page.at(".modal-title");
  await page.swipe([0, 40, 100, 160, 200, 200, 200].map((by) => [x, y + by]));
}

walk("the drawer of filters is used, pulled down and left", phoneOnly, async (walker) => {
  const { phone, page, hand, seen, keys } = walker;
  await hand.use(byTestId("views-open"));
  await page.find(byTestId("pause-all"));
  await seen("the drawer of filters");
  await hand.shut(byTestId("pause-all"));
  await hand.rests(byTestId("views-open"));
  await hand.use(byTestId("views-open"));
  await hand.use(byTestId("slow"));
  assert.equal((await phone.untilAsked("change_settings")).settings.slow, true);
  await page.gone(byTestId("pause-all"));
  await hand.rests(byTestId("views-open"));
  if (keys) return;
  await hand.use(byTestId("views-open"));
  await page.find(byTestId("pause-all"));
  await page.settled();
  await pull(page);
  await page.gone(byTestId("pause-all"));
  await hand.rests(byTestId("views-open"));
});

walk("the order is chosen", phoneOnly, async ({ phone, page, hand, seen, keys }) => {
  await hand.use(byTestId("sort"));
  await page.find(byTestId("sort-name"));
  await seen("the orders");
  await hand.use(byTestId("sort-name"));
  await until("by name", () => phone.ids(), [1, 4, 2, 3]);
  await hand.rests(byTestId("sort"));
  await hand.use(byTestId("sort"));
  await hand.shut(byTestId("sort-name"));
  // A touch elsewhere takes the focus there.
  if (keys) await hand.rests(byTestId("sort"));
});

const pages = ["system", "looks", "files", "speed", "network", "notices", "data", "about"];

walk("all pages of the settings are read", { given }, async ({ page, hand, seen, wide, keys }) => {
  await hand.use(byTestId("settings-open"));
  for (const one of pages) {
    await hand.use(byTestId(`settings-go-${one}`));
    await page.find(`[data-part="${one}"]`);
    await seen(`the settings of ${one}`);
    if (wide) continue;
    if (keys) await hand.use(byTestId("modal-back"));
    else await page.back();
    await hand.rests(byTestId(`settings-go-${one}`));
  }
  await hand.shut(byTestId("settings"));
  await hand.rests(byTestId("settings-open"));
});

walk("the bar below the details acts", phoneOnly, async (walker) => {
  const { phone, page, hand, seen, keys } = walker;
  await hand.open(1);
  const bar = byTestId("details");
  await hand.use(`${bar} ${byTestId("row-pause")}`);
  await phone.untilState(1, "paused");
  await page.find(`${bar} ${byTestId("row-resume")}`);
  await seen("the details of a paused download");
  await hand.use(byTestId("details-more"));
  await page.find(byTestId("menu-properties"));
  await seen("the drawer of actions");
  await hand.shut(byTestId("menu-properties"));
  await page.find(byTestId("details"));
  await hand.rests(byTestId("details-more"));
  if (keys) await press(page, "Escape");
  else await page.back();
  await page.gone(byTestId("details"));
  await hand.rests(byTestId("list"));
});

walk("rows are selected one by one", { ...phoneOnly }, async ({ page, hand, seen, keys }) => {
  await hand.pick(2);
  if (keys) await press(page, "Shift+ArrowDown");
  else await hand.use(`${rowOf(1)} .name`);
  await page.find(`${rowOf(1)}[aria-selected="true"]`);
  await seen("two selected rows");
  if (keys) await press(page, "Escape");
  else await page.back();
  await page.gone('[data-testid="download-row"][aria-selected="true"]');
  await hand.rests(byTestId("list"));
});
