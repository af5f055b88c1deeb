// Walks: what the details of a download show, and the options of one and of several.
import assert from "node:assert/strict";
import { press } from "./rig/input.mjs";
import { eventually } from "./rig/page.mjs";
import { byTestId, inChromium, rowOf } from "./rig/phone.mjs";
import { walk } from "./rig/walk.mjs";

inChromium();

const MB = 1_000_000;
const rows = [
  {
    name: "film.mkv",
    phase: "running",
    total: 80 * MB,
    received: 20 * MB,
    speed: 4 * MB,
    connections: 4,
    limit: MB,
  },
  { name: "notes.pdf", phase: "paused", total: 8 * MB, received: 2 * MB },
];
const given = { rows };
const copied = (page) => page.run(() => navigator.clipboard.readText());

/** Closes the details; the list has the focus again. */
async function leave({ page, hand, keys, touch }) {
  if (keys) await press(page, "Escape");
  else if (touch) await page.back();
  else await hand.use(byTestId("details-close"));
  await page.gone(byTestId("details"));
  await hand.rests(byTestId("list"));
}

walk("overview, connections and chart", { given }, async (walker) => {
  const { page, hand, seen, keys, mouse } = walker;
  await hand.open(1);
  await page.find(byTestId("connection"));
  await page.find(byTestId("speed-section"));
  await seen("the overview");
  const plot = `${byTestId("speed-section")} [role=slider]`;
  if (keys) {
    await hand.reach(plot);
    await hand.press("ArrowLeft");
  } else if (mouse) await hand.hover(plot);
  else await hand.use(plot);
  await page.find(byTestId("chart-value"));
  await seen("a value of the chart");
  if (keys) {
    await hand.press("Escape");
    await page.gone(byTestId("chart-value"));
    await page.find(byTestId("details"));
  }
  await leave(walker);
});

walk("the log is filtered and copied", { given }, async (walker) => {
  const { page, hand, seen } = walker;
  await hand.open(1);
  await hand.use(byTestId("tab-log"));
  await page.find(`${byTestId("log-line")}[data-level="info"]`);
  await seen("the log");
  await hand.use(byTestId("log-level-warn"));
  await page.gone(`${byTestId("log-line")}[data-level="info"]`);
  await page.find(`${byTestId("log-line")}[data-level="warn"]`);
  await seen("the warnings of the log");
  await hand.use(byTestId("log-copy"));
  await eventually("the shown lines alone are copied", async () => {
    const text = await copied(page);
    return text.includes("connection lost") && !text.includes("resolved");
  });
  await leave(walker);
});

/** Leaves the field, which applies it. */
const leaveField = ({ page, hand, keys }) =>
  keys ? press(page, "Tab") : hand.use(byTestId("option-connections"));

walk("the properties of one are changed and changed back", { given }, async (walker) => {
  const { phone, page, hand, seen } = walker;
  await hand.menu(2, byTestId("menu-properties"));
  await hand.use(byTestId("menu-properties"));
  await page.find(byTestId("property-form"));
  await seen("the properties of one");
  await hand.fill(byTestId("option-limit"), "2 MB");
  await leaveField(walker);
  assert.deepEqual(await phone.untilAsked("set_options"), {
    ids: [2],
    changes: [{ field: "limit", value: 2 * MB }],
  });
  await page.find(byTestId("properties-undo"));
  await seen("a saved property");
  await hand.use(byTestId("properties-undo"));
  await phone.untilAsked("undo_options");
  await eventually("the field is empty again", () =>
    page.run((css) => document.querySelector(css).value === "", byTestId("option-limit")),
  );
  await hand.shut(byTestId("property-form"));
  await hand.rests(byTestId("list"));
});

/** Selects both rows, and opens their properties. */
async function openMany({ page, hand, keys, mouse }) {
  await hand.pick(2);
  if (keys) await press(page, "Shift+ArrowDown");
  else if (mouse) await hand.click(`${rowOf(1)} .name`, { modifiers: 8 });
  else await hand.use(`${rowOf(1)} .name`);
  await page.find(`${rowOf(1)}[aria-selected="true"]`);
  await page.find(`${rowOf(2)}[aria-selected="true"]`);
  if (keys) return press(page, "Alt+Enter");
  if (mouse) await hand.click(`${rowOf(1)} .name`, { button: "right" });
  else await hand.use(byTestId("selected-more"));
  await hand.use(byTestId("menu-properties"));
}

walk("of several, what differs is said, and only what is touched is changed", { given }, async (walker) => {
  const { phone, page, hand, seen } = walker;
  await openMany(walker);
  await page.find(byTestId("property-form"));
  const placeholder = (id) => page.run((css) => document.querySelector(css).placeholder, byTestId(id));
  await eventually(
    "that the limits differ",
    async () => (await placeholder("option-limit")) !== (await placeholder("option-connections")),
  );
  await seen("the properties of several");
  await hand.use(byTestId("option-priority-high"));
  const { ids, changes } = await phone.untilAsked("set_options");
  assert.deepEqual(new Set(ids), new Set([1, 2]));
  assert.deepEqual(changes, [{ field: "priority", value: "high" }]);
  await page.find(byTestId("properties-undo"));
  await hand.use(byTestId("properties-undo"));
  await phone.untilAsked("undo_options");
  await hand.shut(byTestId("property-form"));
  await hand.rests(byTestId("list"));
});
