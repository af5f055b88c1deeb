// The parts of a file as shares of its whole length, for drawing. Pure.

export type Span = { from: number; to: number };
type Parts = {
  total: number | null;
  done: readonly (readonly [number, number])[];
  active: readonly { from: number; at: number; to: number }[];
};

/** What is here, and where each part that is coming in ends now; shares of the whole, 0 to 1. Nothing without a length. */
export function spans({ total, done, active }: Parts): { here: Span[]; ticks: number[] } {
  if (total === null || total <= 0) return { here: [], ticks: [] };
  const share = (at: number): number => Math.min(1, Math.max(0, at / total));
  const coming = active.map(({ from, at }): [number, number] => [from, at]);
  return {
    here: [...done, ...coming]
      .filter(([from, to]) => to > from)
      .map(([from, to]) => ({ from: share(from), to: share(to) })),
    ticks: active.map(({ at }) => share(at)),
  };
}
