// Computes the requests that move downloads within the queue. Pure; the core decides the resulting order.
import type { QueueMove, Row } from "./api.ts";
import type { Rows } from "./rows.ts";

export type QueueMoveRequest = { id: number; place: QueueMove };
export type Step = "first" | "up" | "down" | "last";

/** The queue in the core's order, first to last. */
export const queueOf = (rows: Rows): readonly Row[] =>
  rows.filter((row) => row.place !== null).sort((a, b) => (a.place ?? 0) - (b.place ?? 0));

/** Moves `ids` (in queue order) to `place` as a block. */
function moveTogether(ids: readonly number[], place: QueueMove): QueueMoveRequest[] {
  return ids.map((id, at) => {
    const before = ids[at - 1];
    return { id, place: before === undefined ? place : { at: "after", id: before } };
  });
}

/** Moves the selected downloads one step, or to an end, as a block. */
export function stepMoves(
  queue: readonly Row[],
  chosen: ReadonlySet<number>,
  step: Step,
): QueueMoveRequest[] {
  const ids = queue.filter((row) => chosen.has(row.id)).map((row) => row.id);
  const others = queue.filter((row) => !chosen.has(row.id));
  const [first] = ids;
  const last = ids.at(-1);
  if (first === undefined || last === undefined) return [];
  const rank = (id: number): number => queue.findIndex((row) => row.id === id);
  switch (step) {
    case "first":
      return moveTogether(ids, { at: "first" });
    case "last":
      return moveTogether(ids, { at: "last" });
    case "up": {
      const before = others.findLast((row) => rank(row.id) < rank(first));
      return before === undefined
        ? moveTogether(ids, { at: "first" })
        : moveTogether(ids, { at: "before", id: before.id });
    }
    case "down": {
      const after = others.find((row) => rank(row.id) > rank(last));
      return after === undefined
        ? moveTogether(ids, { at: "last" })
        : moveTogether(ids, { at: "after", id: after.id });
    }
  }
}

/** Moves the selected downloads to this place of the queue as a block; `place` counts from 1. */
export function placeMoves(
  queue: readonly Row[],
  chosen: ReadonlySet<number>,
  place: number,
): QueueMoveRequest[] {
  const ids = queue.filter((row) => chosen.has(row.id)).map((row) => row.id);
  const next = queue.filter((row) => !chosen.has(row.id))[place - 1];
  return moveTogether(ids, next === undefined ? { at: "last" } : { at: "before", id: next.id });
}

/** Moves the selected downloads before or after the row `id`, which is not one of them. */
export function dropMoves(
  queue: readonly Row[],
  chosen: ReadonlySet<number>,
  at: "before" | "after",
  id: number,
): QueueMoveRequest[] {
  if (chosen.has(id) || !queue.some((row) => row.id === id)) return [];
  return moveTogether(
    queue.filter((row) => chosen.has(row.id)).map((row) => row.id),
    { at, id },
  );
}
