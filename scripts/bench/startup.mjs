// Time from process start until the window is usable: an empty Tauri window, Millrace with an empty list, and with a
// very long one. Both pages report it by the mark `usable` once their content is on the screen.
import { setTimeout as sleep } from "node:timers/promises";
import { openRig } from "../../e2e/rig/scenario.mjs";
import { eventually } from "../../e2e/rig/webdriver.mjs";
import { appBinary, emptyBinary } from "../lib/paths.mjs";
import { median } from "./report.mjs";

/** Links per command: more would make a single message very long. */
const TOGETHER = 1000;

/** `{ name: milliseconds }`, each the median of `rounds`, taken in turn after a warm-up. */
export async function measureStart({ release, many, rounds }) {
  const rigs = [
    ["empty Tauri window", emptyBinary({ release }), 0],
    ["Millrace, empty list", appBinary({ release }), 0],
    [`Millrace, ${many.toLocaleString("en")} downloads`, appBinary({ release }), many],
  ];
  const found = Object.fromEntries(rigs.map(([name]) => [name, []]));
  const opened = [];
  try {
    for (const [name, binary, count] of rigs) {
      const rig = await openRig();
      opened.push({ rig, name, binary });
      if (count > 0) await fill(rig, binary, count);
    }
    for (let round = 0; round <= rounds; round += 1) {
      for (const { rig, name, binary } of opened) {
        const time = await once(rig, binary);
        if (round > 0) found[name].push(time);
      }
    }
  } finally {
    for (const { rig } of opened) await rig.close();
  }
  return Object.fromEntries(Object.entries(found).map(([name, times]) => [name, median(times)]));
}

async function once(rig, binary) {
  const app = await rig.start({ binary });
  const usable = await eventually("the page is usable", 30_000, () =>
    app.page.run(`
      const [mark] = performance.getEntriesByName("usable");
      return mark && performance.timeOrigin + mark.startTime;
    `),
  );
  await app.close();
  await sleep(300);
  return usable - app.begun;
}

/** Adds downloads to the list that do not start by themselves. */
async function fill(rig, binary, count) {
  const app = await rig.start({ binary });
  for (let from = 0; from < count; from += TOGETHER) {
    const items = Array.from({ length: Math.min(TOGETHER, count - from) }, (_, i) => ({
      url: `http://127.0.0.1:9/folder/file-${from + i}.bin`,
      name: null,
    }));
    await app.page.runAsync(
      `const [items, done] = arguments;
      const options = { folder: null, name: null, headers: [], checksum: null, connections: null, limit: null, paused: true,
        proxy: null, credentials: null, priority: "normal", startAt: null, unmeteredOnly: false };
      window.__TAURI_INTERNALS__.invoke("download_many", { items, options }).then(done, (why) => done(JSON.stringify(why)));`,
      items,
    );
  }
  await app.close();
}

export function startChapter(times, build) {
  const [base] = Object.values(times);
  const line = ([name, time]) => `| ${name} | ${time.toFixed(0)} | ${(time / base).toFixed(2)} |`;
  return [
    "From the start of the process until what the window shows is on the screen, as its page sees it; at most 1.3 times an empty",
    `Tauri window is the target. Medians, taken in turn. Made by \`npm run bench:desktop\`, ${build} build.`,
    "",
    "| window | ms | / empty window |",
    "| --- | --: | --: |",
    ...Object.entries(times).map(line),
    ...(build === "debug"
      ? ["", "A debug build reads the list several times as slowly as a release build."]
      : []),
  ].join("\n");
}
