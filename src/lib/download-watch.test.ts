// The channels of one download: what is kept, what is counted, and that nothing leaks.
import { beforeEach, expect, it } from "vitest";
import { FakeCore, internals } from "../test/core.ts";
import { makeRow } from "../test/values.ts";
import type { DownloadOptions } from "./api.ts";
import { DownloadWatch } from "./download-watch.svelte.ts";

const options: DownloadOptions = {
  folder: null,
  name: null,
  headers: [],
  checksum: null,
  connections: null,
  limit: null,
  paused: false,
  proxy: null,
  credentials: null,
  priority: "normal",
  startAt: null,
  unmeteredOnly: false,
};
let core: FakeCore;
let watch: DownloadWatch;

beforeEach(() => {
  core = new FakeCore([makeRow(1), makeRow(2)]);
  watch = new DownloadWatch();
});

const started = (id: number, received: number): void =>
  core.event(id, {
    event: "started",
    data: { url: "https://a.example/x", downloadId: id, contentLength: 10_000, received, name: "x" },
  });
const progress = (id: number, chunkLength: number): void =>
  core.event(id, { event: "progress", data: { downloadId: id, chunkLength } });

it("adds up the chunks from where the stream began", async () => {
  await watch.open(1);
  started(1, 4_000);
  progress(1, 250);
  progress(1, 750);
  expect(watch.events.map(({ event, received }) => [event.event, received])).toEqual([
    ["progress", 5_000],
    ["progress", 4_250],
    ["started", 4_000],
  ]);
  core.event(1, { event: "restarted", data: { downloadId: 1, received: 0 } });
  progress(1, 10);
  expect(watch.events[0]?.received).toBe(10);
});

it("keeps the newest 200 events and 500 lines, and says what it dropped", async () => {
  await watch.open(1);
  for (let at = 1; at <= 300; at += 1) progress(1, at);
  expect(watch.events).toHaveLength(200);
  expect(watch.events[0]?.event).toMatchObject({ data: { chunkLength: 300 } });

  const lines = Array.from({ length: 600 }, (_, at) => ({ at, level: "info" as const, text: String(at) }));
  core.log(1, { dropped: 7, lines });
  expect(watch.lines).toHaveLength(500);
  expect(watch.lines.at(-1)?.text).toBe("599");
  expect(watch.dropped).toBe(107);
});

it("watches one download at a time and leaves no callback behind", async () => {
  await watch.open(1);
  progress(1, 5);
  const old = core.watches.get(1);
  await watch.open(2);
  expect(watch.events).toEqual([]);
  expect(core.calls.map((call) => call.cmd)).toEqual(["watch", "unwatch", "watch"]);
  expect(internals().callbacks.size).toBe(2);
  core.send(old?.event ?? 0, { event: "progress", data: { downloadId: 1, chunkLength: 9 } });
  expect(watch.events).toEqual([]);
  watch.close();
  expect(internals().callbacks.size).toBe(0);
});

it("begins again on new channels, and hears the old ones no more", async () => {
  await watch.open(1);
  progress(1, 5);
  const old = core.watches.get(1);
  await watch.reopen();
  expect(core.calls.map((call) => call.cmd)).toEqual(["watch", "watch"]);
  expect(core.watches.get(1)).not.toEqual(old);
  expect(internals().callbacks.size).toBe(2);
  started(1, 50);
  expect(watch.events.map(({ received }) => received)).toEqual([50]);
  watch.close();
  await watch.reopen();
  expect(internals().callbacks.size).toBe(0);
});

it("forgets a download that the core does not know", async () => {
  core.answers.set("watch", () => Promise.reject(new Error("unknown")));
  await expect(watch.open(9)).rejects.toThrow("unknown");
  expect(watch.id).toBeUndefined();
  expect(internals().callbacks.size).toBe(0);
});

it("goes on watching what it added, from the first event", async () => {
  const id = await watch.add("https://a.example/x", options, true);
  started(id, 0);
  expect(watch.id).toBe(id);
  expect(watch.events).toHaveLength(1);
  await watch.open(id);
  expect(core.calls.filter((call) => call.cmd === "watch")).toEqual([]);
});

it("lets go at once of an added download that nobody looks at", async () => {
  await watch.open(1);
  const id = await watch.add("https://a.example/x", options, false);
  expect(watch.id).toBe(1);
  expect(core.watches.has(id)).toBe(false);
  expect(internals().callbacks.size).toBe(2);
});

it("leaves nothing behind when the core refuses the link", async () => {
  core.answers.set("download", () => Promise.reject(new Error("bad")));
  await expect(watch.add("https://a.example/x", options, true)).rejects.toThrow("bad");
  expect(internals().callbacks.size).toBe(0);
});
