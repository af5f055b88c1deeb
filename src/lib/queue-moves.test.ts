// Queue moves, applied the way the core does.
import { describe, expect, it } from "vitest";
import { makeRow } from "../test/values.ts";
import type { Row } from "./api.ts";
import { dropMoves, placeMoves, type QueueMoveRequest, queueOf, stepMoves } from "./queue-moves.ts";

const rows = (...ids: number[]): Row[] => ids.map((id, place) => makeRow(id, { phase: "queued", place }));

function carriedOut(queue: readonly Row[], moves: readonly QueueMoveRequest[]): number[] {
  let order = queue.map((row) => row.id);
  for (const { id, place } of moves) {
    order = order.filter((other) => other !== id);
    const at =
      place.at === "first"
        ? 0
        : place.at === "last"
          ? order.length
          : order.indexOf(place.id) + (place.at === "after" ? 1 : 0);
    order.splice(at, 0, id);
  }
  return order;
}

describe("the queue", () => {
  it("is in the order of its places, whatever the list's order", () => {
    const shuffled = [
      makeRow(1, { place: 2 }),
      makeRow(2, { place: 0 }),
      makeRow(3),
      makeRow(4, { place: 1 }),
    ];
    expect(queueOf(shuffled).map((row) => row.id)).toEqual([2, 4, 1]);
  });

  it.each([
    ["up", [3], [1, 3, 2, 4, 5]],
    ["down", [3], [1, 2, 4, 3, 5]],
    ["first", [4], [4, 1, 2, 3, 5]],
    ["last", [2], [1, 3, 4, 5, 2]],
    ["up", [1], [1, 2, 3, 4, 5]],
    ["down", [5], [1, 2, 3, 4, 5]],
    ["up", [3, 5], [1, 3, 5, 2, 4]],
    ["down", [1, 2], [3, 1, 2, 4, 5]],
    ["last", [1, 3], [2, 4, 5, 1, 3]],
  ] as const)("moved %s with %j chosen becomes %j", (step, chosen, order) => {
    const queue = rows(1, 2, 3, 4, 5);
    expect(carriedOut(queue, stepMoves(queue, new Set(chosen), step))).toEqual(order);
  });

  it("takes what is dropped before or behind a row, and nothing dropped on itself", () => {
    const queue = rows(1, 2, 3, 4);
    expect(carriedOut(queue, dropMoves(queue, new Set([1, 2]), "after", 4))).toEqual([3, 4, 1, 2]);
    expect(carriedOut(queue, dropMoves(queue, new Set([4]), "before", 1))).toEqual([4, 1, 2, 3]);
    expect(dropMoves(queue, new Set([4]), "before", 4)).toEqual([]);
    expect(dropMoves(queue, new Set([4]), "before", 99)).toEqual([]);
  });

  it.each([
    [[4], 1, [4, 1, 2, 3]],
    [[1], 3, [2, 3, 1, 4]],
    [[2], 2, [1, 2, 3, 4]],
    [[1, 3], 2, [2, 1, 3, 4]],
    [[2], 9, [1, 3, 4, 2]],
  ])("moved to a place with %j chosen and %i becomes %j", (chosen, place, order) => {
    const queue = rows(1, 2, 3, 4);
    expect(carriedOut(queue, placeMoves(queue, new Set(chosen), place))).toEqual(order);
  });
});
