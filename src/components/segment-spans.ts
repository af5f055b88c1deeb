// The parts of a file as shares of its whole length, for drawing. Pure.

export type SegmentSpan = { from: number; to: number };
/** What is here, and what is coming in now: each of those as far as it is here. */
export type SegmentSpans = { here: SegmentSpan[]; coming: SegmentSpan[] };
type Parts = {
  total: number | null;
  done: readonly (readonly [number, number])[];
  active: readonly { from: number; at: number; to: number }[];
};

/** Shares of the whole, 0 to 1. Nothing without a length. */
export function segmentSpans({ total, done, active }: Parts): SegmentSpans {
  if (total === null || total <= 0) return { here: [], coming: [] };
  const share = (at: number): number => Math.min(1, Math.max(0, at / total));
  const span = (from: number, to: number): SegmentSpan => ({ from: share(from), to: share(to) });
  return {
    here: done.filter(([from, to]) => to > from).map(([from, to]) => span(from, to)),
    coming: active.map(({ from, at }) => span(from, Math.max(from, at))),
  };
}
