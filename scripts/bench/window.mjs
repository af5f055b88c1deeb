// Measures one window under one load: resource use, latency of updates, smoothness of scrolling. Knows how to start it
// and what to measure; knows nothing of Millrace.
import { setTimeout as sleep } from "node:timers/promises";
import { openRig } from "../../e2e/rig/scenario.mjs";
import { byTestId } from "../../e2e/rig/downloads.mjs";
import { webProcessOf } from "../../e2e/rig/processes.mjs";
import { eventually } from "../../e2e/rig/webdriver.mjs";
import { memory, together, watch } from "./process-usage.mjs";
import { begin, end } from "./probe.mjs";

/** In the page: whether all rows are there. The plain window has no grid, and all its rows at once. */
const whole = `
  const grid = document.querySelector("[role=grid]");
  return grid === null || Number(grid.ariaRowCount) >= arguments[0];
`;

/** The thread that simulates the changes: it does not exist in the product. */
const MADE_UP = ["made-up engine"];

/** Pixels per frame: two rows of the list, as fast as a user spins a wheel. */
const SCROLL = 120;

const rank = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const ascending = (numbers) => numbers.toSorted((a, b) => a - b);

/**
 * `load` is { rows, running, others }; see src-tauri/crates/backend/src/bench.rs. `seconds` of each part. With `hidden`, the page
 * reports itself as hidden, and nothing is read from it.
 */
export async function measureWindow(binary, load, { seconds, hidden = false }) {
  const begun = Date.now();
  const bench = [load.rows, load.running, load.others, begun].join(" ");
  const rig = await openRig({ display: { width: 1280, height: 800 }, env: { MILLRACE_BENCH: bench } });
  try {
    const { page, pid } = await rig.start({ binary });
    await page.find(byTestId("download-row"), 60_000);
    const processes = { core: pid, web: await webProcessOf(pid) };
    await eventually("the page has the whole list", 120_000, () => page.run(whole, load.rows));
    if (hidden) await hide(page);
    await sleep(seconds * 1000);

    const done = await watch(processes);
    await sleep(seconds * 1000);
    const spent = await done();
    const result = {
      core: together(spent.core, MADE_UP),
      threads: Object.fromEntries(
        [...spent.core].filter(([name, percent]) => percent >= 0.3 && !MADE_UP.includes(name)),
      ),
      web: together(spent.web),
      coreMiB: await memory(processes.core),
      webMiB: await memory(processes.web),
    };
    if (hidden) return result;

    await begin(page, begun);
    await sleep(seconds * 1000);
    const still = await end(page);
    await begin(page, begun, SCROLL);
    await sleep(seconds * 1000);
    const scrolled = await end(page);
    return { ...result, ...delays(still, seconds), ...smoothness(scrolled, seconds) };
  } finally {
    await rig.close();
  }
}

/** Milliseconds from an event to the animation frame that shows it. */
function delays({ delays, updates }, seconds) {
  const sorted = ascending(delays);
  return {
    p50: rank(sorted, 0.5),
    p99: rank(sorted, 0.99),
    events: sorted.length / seconds,
    updates: updates / seconds,
  };
}

function smoothness({ gaps }, seconds) {
  const sorted = ascending(gaps.slice(1));
  return {
    fps: sorted.length / seconds,
    gap99: rank(sorted, 0.99),
    gapMost: sorted.at(-1),
  };
}

/** Hides the page as the system hides a window: the page receives the same event. */
function hide(page) {
  return page.run(`
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  `);
}
