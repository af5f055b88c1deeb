// The timeline of one download, from events and log lines.
import { expect, it } from "vitest";
import { atLeast, timeline } from "./timeline.ts";
import type { SeenEvent } from "./download-watch.svelte.ts";
import type { DownloadEvent } from "./api.ts";

const seen = (at: number, event: DownloadEvent): SeenEvent => ({ key: at, at, event, received: at });
const events = [
  seen(50, { event: "failed", data: { downloadId: 1, problem: { code: "not-found", host: "a" } } }),
  seen(30, { event: "progress", data: { downloadId: 1, chunkLength: 5 } }),
  seen(20, { event: "paused", data: { downloadId: 1 } }),
];
const lines = [
  { at: 10, level: "info", text: "connected" },
  { at: 40, level: "warn", text: "slow down" },
] as const;
const entries = timeline(events, lines, (event, received) => `${event.event} ${received}`);

it("events and lines are in the order of their times, without byte counts", () => {
  expect(entries.map(({ text }) => text)).toEqual(["connected", "paused 20", "slow down", "failed 50"]);
  expect(entries.map(({ event }) => event)).toEqual([null, "paused", null, "failed"]);
});

it("a level hides what is below it", () => {
  expect(atLeast(entries, "all")).toHaveLength(4);
  expect(atLeast(entries, "warn").map(({ text }) => text)).toEqual(["slow down", "failed 50"]);
  expect(atLeast(entries, "error").map(({ text }) => text)).toEqual(["failed 50"]);
});
