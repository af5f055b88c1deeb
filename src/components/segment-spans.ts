// Segments of a file as fractions of its total length, for drawing. Pure.

export type SegmentSpan = { from: number; to: number };
/** Received ranges, the received part of each active segment, and what each has left. */
export type SegmentSpans = { here: SegmentSpan[]; coming: SegmentSpan[]; open: SegmentSpan[] };
type Parts = {
  total: number | null;
  done: readonly (readonly [number, number])[];
  active: readonly { from: number; at: number; to: number }[];
};

/** Positions as fractions, 0 to 1. Empty when the length is unknown. */
export function segmentSpans({ total, done, active }: Parts): SegmentSpans {
  if (total === null || total <= 0) return { here: [], coming: [], open: [] };
  const share = (at: number): number => Math.min(1, Math.max(0, at / total));
  const span = (from: number, to: number): SegmentSpan => ({ from: share(from), to: share(to) });
  return {
    here: done.filter(([from, to]) => to > from).map(([from, to]) => span(from, to)),
    coming: active.map(({ from, at }) => span(from, Math.max(from, at))),
    open: active.map(({ from, at, to }) => span(Math.max(from, at), Math.max(at, to))),
  };
}
