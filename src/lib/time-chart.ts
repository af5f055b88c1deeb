// Places the points of a speed history on a chart: time without a transfer is a gap of a fixed width, not a long
// empty stretch. Pure.
import type { SpeedHistory, SpeedMark } from "./api.ts";

/** A point at `x` (0 to 1), with its time in ms since 1970 and its value. */
type ChartPoint = { x: number; at: number; value: number };
/** `runs` are drawn as separate lines; `marks` at their place. */
export type TimeChart = {
  runs: ChartPoint[][];
  marks: { x: number; mark: SpeedMark }[];
  average: number;
  peak: number;
};

/** Width of a gap as a fraction of the width of all points. */
const gapShare = 0.03;

export function timeChart(history: SpeedHistory): TimeChart {
  const lengths = history.runs.map((run) => Math.max(0, run.speeds.length - 1) * history.every + run.last);
  const seconds = lengths.reduce((sum, length) => sum + length, 0);
  const gap = seconds * gapShare;
  const width = Math.max(1, seconds + gap * Math.max(0, history.runs.length - 1));
  let start = 0;
  let bytes = 0;
  let peak = 0;
  const starts: number[] = [];
  const runs = history.runs.map((run, index) => {
    starts.push(start);
    const length = lengths[index] ?? 0;
    const points = run.speeds.map((value, at): ChartPoint => {
      const covered = at + 1 < run.speeds.length ? history.every : run.last;
      const end = Math.min(length, at * history.every + covered);
      bytes += value * covered;
      peak = Math.max(peak, value);
      const share = length === 0 ? 0 : end / length;
      return { x: (start + end) / width, at: run.from + (run.to - run.from) * share, value };
    });
    const first = points[0];
    // The line begins where the first second does.
    if (first !== undefined) points.unshift({ x: start / width, at: run.from, value: first.value });
    start += length + gap;
    return points;
  });
  const place = (at: number): number => {
    let x = 0;
    history.runs.forEach((run, index) => {
      const from = starts[index] ?? 0;
      const share = Math.min(1, Math.max(0, (at - run.from) / Math.max(1, run.to - run.from)));
      if (at >= run.from) x = (from + share * (lengths[index] ?? 0)) / width;
    });
    return x;
  };
  const marks = history.marks.map((mark) => ({ x: place(mark.at), mark }));
  return { runs, marks, average: seconds === 0 ? 0 : bytes / seconds, peak };
}
