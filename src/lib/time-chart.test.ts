// The chart of a speed history, from made-up histories.
import { describe, expect, it } from "vitest";
import { timeChart } from "./time-chart.ts";

const run = (from: number, ...speeds: number[]) => ({
  from,
  to: from + speeds.length * 1_000,
  speeds,
  last: 1,
});

describe("the chart of a speed history", () => {
  it("covers only the time that exists", () => {
    const { runs, average, peak } = timeChart({ every: 1, runs: [run(5_000, 10, 30)], marks: [] });
    expect(runs).toEqual([
      [
        { x: 0, at: 5_000, value: 10 },
        { x: 0.5, at: 6_000, value: 10 },
        { x: 1, at: 7_000, value: 30 },
      ],
    ]);
    expect([average, peak]).toEqual([20, 30]);
  });

  it("shows a pause of an hour as a narrow gap and puts its marks at the edges", () => {
    const hour = 3_600_000;
    const chart = timeChart({
      every: 1,
      runs: [run(0, ...Array<number>(50).fill(4)), run(hour, ...Array<number>(50).fill(8))],
      marks: [
        { at: 50_000, what: "paused" },
        { at: hour, what: "resumed" },
      ],
    });
    const [before, after] = chart.runs;
    const end = before?.at(-1)?.x ?? 0;
    const start = after?.[0]?.x ?? 0;
    expect(start - end).toBeGreaterThan(0.02);
    expect(start - end).toBeLessThan(0.04);
    expect(chart.marks.map(({ x }) => x)).toEqual([end, start]);
    expect(chart.average).toBe(6);
    expect(after?.at(-1)?.x).toBeCloseTo(1);
  });

  it("weighs the last point by the seconds that it covers", () => {
    const chart = timeChart({
      every: 4,
      runs: [{ from: 0, to: 5_000, speeds: [100, 200], last: 1 }],
      marks: [],
    });
    expect(chart.average).toBe(120);
    expect(chart.runs[0]?.map(({ x }) => x)).toEqual([0, 0.8, 1]);
  });

  it("has no point and no speed before the first second", () => {
    expect(timeChart({ every: 1, runs: [], marks: [] })).toEqual({
      runs: [],
      marks: [],
      average: 0,
      peak: 0,
    });
  });
});
