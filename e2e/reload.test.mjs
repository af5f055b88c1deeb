// The page is reloaded in the middle of a download: the list and the open details continue, the sums of the events are
// exact on both sides, and no channel of the previous page is left.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { byTestId } from "./rig/downloads.mjs";
import { scenario } from "./rig/scenario.mjs";
import { sha256 } from "./rig/server.mjs";
import { eventually } from "./rig/webdriver.mjs";

const MB = 1024 * 1024;

/** Watches a download with the test's own channel, as the page does, and keeps every event in `window.seen`. */
const WATCH = `
  const [id, done] = arguments;
  const tauri = window.__TAURI_INTERNALS__;
  const seen = (window.seen = []);
  const next = { index: 0, early: new Map() };
  const take = (message) => {
    if (!("index" in message) || message.end) return;
    next.early.set(message.index, message.message);
    while (next.early.has(next.index)) seen.push(next.early.get(next.index++));
  };
  const onEvent = "__CHANNEL__:" + tauri.transformCallback(take);
  const onLog = "__CHANNEL__:" + tauri.transformCallback(() => {});
  tauri.invoke("watch", { id: Number(id), onEvent, onLog }).then(() => done(null), (error) => done(JSON.stringify(error)));
`;

const seenBy = (page) => page.run("return window.seen");

/** Number of received bytes according to the events of one attachment. */
function sum(events) {
  const began = events.findIndex((one) => one.event === "started");
  assert.ok(began >= 0, "an attachment begins with what is there already");
  return events.slice(began).reduce((total, one) => {
    if (one.event === "started" || one.event === "restarted") return one.data.received;
    return one.event === "progress" ? total + one.data.chunkLength : total;
  }, 0);
}

scenario("a reload in mid-download loses nothing and leaves no channel behind", async (rig) => {
  const size = 20 * MB;
  const file = rig.server.serve("/reloaded.bin", { size, seed: 15, rate: MB });
  const other = rig.server.serve("/watched.bin", { size, seed: 16, rate: MB });
  const app = await rig.start();
  const watched = await app.add(other.url);
  const id = await app.add(file.url);
  await app.select(id);
  await app.until(id, (row) => row.received > MB);
  assert.equal(await app.page.runAsync(WATCH, watched), null);
  await eventually("events", 15_000, async () => (await seenBy(app.page)).length > 3);
  const before = await app.row(id);

  const old = await app.page.run("return [...window.__TAURI_INTERNALS__.callbacks.keys()].map(String)");
  assert.ok(old.length > 3, "the list, the details and the test's own");
  await app.page.reload();
  // Counts messages for channels of the previous page: Tauri warns about each one without a callback.
  await app.page.run(
    `
    const old = new Set(arguments[0]);
    window.strays = 0;
    const warn = console.warn;
    console.warn = (...text) => {
      const id = /callback id (\\d+)/.exec(String(text[0]))?.[1];
      if (old.has(id)) window.strays += 1;
      warn(...text);
    };
  `,
    old,
  );
  const after = await app.until(id, (row) => row.state === "running");
  assert.ok(after.received >= before.received, "the bytes are still here");
  await app.page.find(byTestId("details"));
  await app.tab("log");
  await app.page.find(byTestId("log-line"));
  const strays = await settled(app.page);
  assert.equal(await app.page.runAsync(WATCH, watched), null);

  await app.until(id, (row) => row.received > after.received + MB / 2);
  [file.rate, other.rate] = [null, null];
  await app.until(id, "done", 60_000);
  await app.until(watched, "done", 60_000);
  await eventually("the last event", 15_000, async () =>
    (await seenBy(app.page)).some((one) => one.event === "finished"),
  );
  assert.equal(sum(await seenBy(app.page)), size, "started and every chunk after it are the whole file");
  for (const [one, name] of [
    [file, "reloaded.bin"],
    [other, "watched.bin"],
  ]) {
    assert.equal(sha256(await readFile(join(rig.folder, name))), one.sha256);
  }
  assert.equal(
    await app.page.run("return window.strays"),
    strays,
    "the core still speaks into channels of the page before",
  );
});

scenario("the page keeps one list channel and the channels of what is open", async (rig) => {
  const file = rig.server.serve("/leased.bin", { size: 16 * MB, seed: 17, rate: MB });
  const app = await rig.start();
  const id = await app.add(file.url);
  await app.until(id, "running");
  const callbacks = () => app.page.run("return window.__TAURI_INTERNALS__.callbacks.size");
  await app.page.run("document.body.focus()");
  await app.closeDetails();
  const closed = await steady(callbacks);
  for (let round = 0; round < 5; round++) {
    await app.select(id);
    await app.tab("log");
    await app.page.find(byTestId("log-line"));
    await app.closeDetails();
  }
  assert.equal(await steady(callbacks), closed, "opening and closing the details leaves no callback");
});

/** Messages in flight at the reload may still arrive; only the count after a while matters. */
async function settled(page) {
  await sleep(1000);
  return page.run("return window.strays");
}

/** Pending calls hold callbacks for a moment: takes the smallest count within a second. */
async function steady(count) {
  let least = Infinity;
  for (let i = 0; i < 20; i++) {
    least = Math.min(least, await count());
    await sleep(50);
  }
  return least;
}
