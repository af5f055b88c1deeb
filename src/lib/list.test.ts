// The list channel under loss, duplication, reordering, timeouts and reload: the real Channel, driven by hand.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeCore, internals } from "../test/core.ts";
import { makeRow } from "../test/values.ts";
import { type RowChange, DownloadList } from "./list.svelte.ts";

let core: FakeCore;
let changes: RowChange[];
let stop: (() => void) | undefined;

beforeEach(() => {
  vi.useFakeTimers();
  changes = [];
  visibility("visible");
});
afterEach(() => {
  stop?.();
  stop = undefined;
});

function visibility(state: DocumentVisibilityState): void {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}

async function open(rows: number): Promise<DownloadList> {
  core = new FakeCore(Array.from({ length: rows }, (_, at) => makeRow(at + 1)));
  const list = new DownloadList({ onRowChanged: (change) => changes.push(change) });
  stop = list.start();
  await vi.advanceTimersByTimeAsync(50);
  return list;
}

/** Advances the time as with a running core, which ticks every 100 ms. */
async function live(ms: number): Promise<void> {
  for (let past = 0; past < ms; past += 100) {
    core.tick();
    await vi.advanceTimersByTimeAsync(100);
  }
}

const count = (cmd: string): number => core.calls.filter((call) => call.cmd === cmd).length;
const same = (list: DownloadList): void => expect(list.rows).toEqual(core.sorted());

describe("attach", () => {
  it("pulls every page, then starts the frames", async () => {
    const list = await open(450);
    same(list);
    expect(count("page")).toBe(2);
    expect(core.calls.find((call) => call.cmd === "ack")?.args["seq"]).toBe(0);
    expect(list.totals.all).toBe(450);
    expect(changes).toEqual([]);
  });

  it("tries again at once when the core is not ready yet, and more and more seldom", async () => {
    core = new FakeCore([makeRow(1)]);
    core.answers.set("attach", () => Promise.reject(new Error("not yet")));
    const list = new DownloadList();
    stop = list.start();
    await vi.advanceTimersByTimeAsync(400);
    expect(list.ready).toBe(false);
    // Attempts at 0, 50, 150 and 350 ms.
    expect(count("attach")).toBe(4);
    core.answers.delete("attach");
    await vi.advanceTimersByTimeAsync(400);
    expect(list.ready).toBe(true);
    expect(list.lost).toBe(false);
    same(list);
  });

  it("says that the core is lost when all it does for long is to refuse", async () => {
    core = new FakeCore([makeRow(1)]);
    core.answers.set("attach", () => Promise.reject(new Error("not yet")));
    const list = new DownloadList();
    stop = list.start();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(list.lost).toBe(true);
    core.answers.delete("attach");
    await vi.advanceTimersByTimeAsync(1_100);
    expect(list.lost).toBe(false);
    same(list);
  });
});

describe("frames", () => {
  it("change, add and remove rows, and tell of phases", async () => {
    const list = await open(3);
    core.change(2, { received: 700 });
    core.change(1, { phase: "done" });
    core.put(makeRow(9));
    core.drop(3);
    await live(200);
    same(list);
    expect(changes.map(({ before, after }) => [after.id, before.phase, after.phase])).toEqual([
      [1, "running", "done"],
    ]);
  });

  it("bring a row back whose removal was undone, also when everything is pulled again", async () => {
    const list = await open(3);
    const [one, two] = [core.rows.get(1), core.rows.get(2)];
    if (one === undefined || two === undefined) throw new Error("the core has them");
    core.drop(1);
    core.drop(2);
    await live(200);
    expect(list.rows.map((row) => row.id)).toEqual([3]);
    core.put({ ...two, rev: two.rev + 2 });
    await live(200);
    same(list);
    core.put({ ...one, rev: one.rev + 2 });
    core.tick(0, true);
    await vi.advanceTimersByTimeAsync(50);
    same(list);
  });

  it("are acknowledged after the animation frame, not before", async () => {
    await open(1);
    const before = count("ack");
    core.change(1, { received: 1 });
    core.tick();
    await Promise.resolve();
    expect(count("ack")).toBe(before);
    await vi.advanceTimersByTimeAsync(17);
    expect(count("ack")).toBe(before + 1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(count("ack")).toBe(before + 1);
  });

  it("are acknowledged by a timer where there are no animation frames", async () => {
    await open(1);
    vi.spyOn(window, "requestAnimationFrame").mockReturnValue(0);
    const before = count("ack");
    core.tick();
    await vi.advanceTimersByTimeAsync(300);
    expect(count("ack")).toBe(before + 1);
  });

  it("bring numbers alone, also of rows that are still on their way", async () => {
    core = new FakeCore(Array.from({ length: 300 }, (_, at) => makeRow(at + 1)));
    const list = new DownloadList({ onRowChanged: (change) => changes.push(change) });
    const pages: (() => void)[] = [];
    const held = core.sorted();
    core.answers.set("page", async ({ first, count: most }) => {
      await new Promise<void>((resolve) => pages.push(resolve));
      const rows = held.slice(Number(first), Number(first) + Number(most));
      return { first: Number(first), rows, length: 300, totals: core.totals() };
    });
    stop = list.start();
    await vi.advanceTimersByTimeAsync(50);
    // Row 300 came with the first page; row 1 comes with the second, which was read before this change.
    for (const id of [1, 300]) core.rows.set(id, makeRow(id, { counted: 5, received: 555, connections: 3 }));
    const numbers = [1, 300].map((id) => [id, 5, 555, 0, null, 3]);
    const frame = { seq: 1, rows: [], numbers, removed: [], totals: core.totals(), resync: false };
    core.send(core.session?.channel ?? 0, frame);
    for (const page of pages) page();
    await vi.advanceTimersByTimeAsync(50);
    same(list);
    expect(changes).toEqual([]);
  });

  it("with resync make the page pull everything again", async () => {
    const list = await open(300);
    const pages = count("page");
    for (let id = 1; id <= 300; id += 1) core.change(id, { received: id });
    core.tick(0, true);
    await vi.advanceTimersByTimeAsync(50);
    expect(count("page")).toBe(pages + 2);
    same(list);
  });

  it("that count more rows than are here make the page look again", async () => {
    const list = await open(2);
    core.rows.set(7, makeRow(7));
    await live(2_500);
    same(list);
  });
});

describe("a bad wire", () => {
  it("that doubles or turns messages round changes nothing", async () => {
    const list = await open(3);
    const held: [number, { index: number; message: unknown }][] = [];
    core.wire = (channel, message) => {
      held.push([channel, message]);
      if (held.length < 2) return;
      for (const [to, late] of held.splice(0).reverse()) {
        core.deliver(to, late);
        core.deliver(to, late);
      }
    };
    for (let step = 1; step <= 6; step += 1) {
      core.change(1, { received: step });
      core.tick();
      // The real hub would wait for the acknowledgement.
      if (core.session) core.session.acked = true;
      await vi.advanceTimersByTimeAsync(5);
    }
    core.wire = (channel, message) => core.deliver(channel, message);
    await live(300);
    same(list);
    expect(count("attach")).toBe(1);
  });

  it("that repeats a frame under a new index is not believed twice", async () => {
    const list = await open(2);
    const stale = {
      seq: 1,
      rows: [],
      numbers: [],
      removed: [],
      totals: { ...core.totals(), speed: 77 },
      resync: false,
    };
    await live(200);
    const acks = count("ack");
    core.send(core.session?.channel ?? 0, stale);
    await vi.advanceTimersByTimeAsync(300);
    expect(list.totals.speed).toBe(0);
    expect(count("ack")).toBe(acks);
  });

  it("that skips a frame makes the page look at everything again", async () => {
    const list = await open(2);
    core.rows.set(1, makeRow(1, { rev: 9, received: 9 }));
    if (core.session) core.session.seq += 1;
    core.tick();
    await vi.advanceTimersByTimeAsync(50);
    same(list);
  });

  it("whose late page names a removed row does not bring it back", async () => {
    const list = await open(2);
    const late = { first: 0, rows: core.sorted(), length: 2, totals: core.totals() };
    core.answers.set("page", async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return late;
    });
    core.tick(0, true);
    await vi.advanceTimersByTimeAsync(50);
    core.drop(2);
    core.tick();
    await vi.advanceTimersByTimeAsync(400);
    expect(list.rows.map((row) => row.id)).toEqual([1]);
  });

  it("that loses a message is noticed by the silence, and a new channel heals it", async () => {
    const list = await open(3);
    const old = core.session?.channel ?? 0;
    core.wire = () => undefined;
    core.change(2, { received: 999 });
    core.drop(1);
    core.tick();
    core.wire = (channel, message) => core.deliver(channel, message);
    await live(5_000);
    expect(count("attach")).toBe(2);
    expect(internals().callbacks.has(old)).toBe(false);
    expect(internals().callbacks.size).toBe(1);
    same(list);
  });

  it("whose core was restarted is attached to again at the first refusal", async () => {
    const list = await open(2);
    core.session = undefined;
    core.change(1, { received: 5 });
    list.setVisible(list.rows.slice(1, 2));
    await vi.advanceTimersByTimeAsync(50);
    expect(count("attach")).toBe(2);
    same(list);
  });

  it("of any sort leaves the list equal to the core's once it is well again", async () => {
    let seed = 20261123;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed % below;
    };
    const list = await open(420);
    const late: (() => void)[] = [];
    core.wire = (channel, message) => {
      const luck = random(20);
      if (luck === 0) return;
      const deliver = (): void => core.deliver(channel, message);
      if (luck === 1) late.push(deliver);
      else deliver();
      if (luck === 2) deliver();
    };
    for (let step = 0; step < 600; step += 1) {
      const id = 1 + random(430);
      const what = random(10);
      if (what === 0) core.drop(id);
      else if (what === 1) core.put(makeRow(500 + step));
      else core.change(id, { received: step });
      core.tick(3, random(60) === 0);
      if (random(4) === 0) late.shift()?.();
      await vi.advanceTimersByTimeAsync(random(120));
    }
    core.wire = (channel, message) => core.deliver(channel, message);
    await live(10_000);
    expect(count("attach")).toBeGreaterThan(1);
    same(list);
    expect(internals().callbacks.size).toBe(1);
  });
});

describe("silence", () => {
  it("is not minded while hidden, and counts anew from the return", async () => {
    await open(1);
    visibility("hidden");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(count("attach")).toBe(1);
    expect(core.calls.at(-1)?.args["activity"]).toBe("hidden");
    visibility("visible");
    await live(2_500);
    expect(count("attach")).toBe(1);
  });

  it("does not end while somebody scrolls", async () => {
    const list = await open(40);
    for (let at = 0; at < 39; at += 1) {
      list.setVisible(list.rows.slice(at, at + 2));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(count("attach")).toBe(2);
  });
});

describe("leaving", () => {
  it("detaches, forgets the callback and stays silent", async () => {
    const list = await open(2);
    const rows = list.rows;
    const session = core.session;
    window.dispatchEvent(new Event("pagehide"));
    await vi.advanceTimersByTimeAsync(10);
    expect(core.calls.at(-1)).toEqual({ cmd: "detach", args: { session: session?.id } });
    expect(internals().callbacks.size).toBe(0);
    core.send(session?.channel ?? 0, {
      seq: 1,
      rows: [],
      numbers: [],
      removed: [1, 2],
      totals: core.totals(),
      resync: false,
    });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(list.rows).toBe(rows);
    expect(count("attach")).toBe(1);
  });
});

it("tells the core which of its rows are on the screen, in whatever order", async () => {
  const list = await open(100);
  list.setVisible([makeRow(7), makeRow(93), makeRow(12)]);
  await vi.advanceTimersByTimeAsync(5);
  expect(core.calls.at(-1)).toMatchObject({ cmd: "view", args: { seen: [7, 93, 12] } });
});

it("does not tell of every row that is scrolled past, but of the last", async () => {
  const list = await open(100);
  const before = count("view");
  for (let at = 0; at < 60; at += 1) {
    list.setVisible(list.rows.slice(at, at + 20));
    await vi.advanceTimersByTimeAsync(16);
  }
  expect(count("view") - before).toBeLessThan(12);
  await vi.advanceTimersByTimeAsync(200);
  const seen = list.rows.slice(59, 79).map((row) => row.id);
  expect(core.calls.at(-1)).toMatchObject({ cmd: "view", args: { seen } });
});
