import { describe, expect, it } from "vitest";
import { makeRow } from "../test/values.ts";
import { type SpeedSeries, append, SpeedHistory, windowSeconds, maxSteps } from "./speed-history.svelte.ts";

const fresh: SpeedSeries = { every: 1, means: [], sum: 0, count: 0 };
const total = ({ every, means, sum }: SpeedSeries): number =>
  means.reduce((all, one) => all + one * every, sum);

describe("the whole course", () => {
  it("has at most so many steps, and loses no byte however long it lasts", () => {
    let series = fresh;
    let bytes = 0;
    let longest = 0;
    for (let second = 0; second < 100_000; second += 1) {
      const speed = (second * 7_919) % 1_000;
      series = append(series, speed);
      bytes += speed;
      longest = Math.max(longest, series.means.length);
    }
    expect(longest).toBeLessThan(maxSteps);
    expect(total(series)).toBeCloseTo(bytes, -1);
  });

  it("is a step a second at first", () => {
    expect(append(append(fresh, 5), 7)).toMatchObject({ every: 1, means: [5, 7] });
  });
});

describe("the samples", () => {
  it("are the last minute of what moves, then zeros until all have left", () => {
    const speeds = new SpeedHistory();
    for (let second = 0; second < 70; second += 1) speeds.sample([makeRow(1, { speed: second })]);
    expect(speeds.of(1)).toHaveLength(windowSeconds);
    expect(speeds.of(1).at(-1)).toBe(69);
    const paused = makeRow(1, { phase: "paused" });
    speeds.sample([paused]);
    expect(speeds.of(1).at(-1)).toBe(0);
    for (let second = 0; second < windowSeconds; second += 1) speeds.sample([paused]);
    expect(speeds.of(1)).toEqual([]);
    expect(speeds.whole(1).means).toHaveLength(70);
  });

  it("of what was never seen moving, or has left, are none", () => {
    const speeds = new SpeedHistory();
    speeds.sample([makeRow(1, { phase: "done" }), makeRow(2)]);
    expect(speeds.whole(1).means).toEqual([]);
    speeds.sample([]);
    expect(speeds.whole(2).means).toEqual([]);
  });
});

it("keeps a minute of speeds, lets a stopped one run out", () => {
  const speeds = new SpeedHistory();
  for (let at = 1; at <= 70; at += 1) speeds.sample([makeRow(1, { phase: "running", speed: at })]);
  expect(speeds.of(1)).toHaveLength(60);
  expect(speeds.of(1).at(-1)).toBe(70);
  speeds.sample([makeRow(1, { phase: "paused", speed: 0 })]);
  expect(speeds.of(1).at(-1)).toBe(0);
  for (let at = 0; at < 60; at += 1) speeds.sample([makeRow(1, { phase: "paused" })]);
  expect(speeds.of(1)).toEqual([]);
});
