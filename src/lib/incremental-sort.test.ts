// Sorted incrementally, the list equals a full sort.
import { expect, it } from "vitest";
import { makeRow } from "../test/values.ts";
import type { Row } from "./api.ts";
import { IncrementalSort } from "./incremental-sort.ts";
import type { Rows } from "./rows.ts";
import { runAtOnce, runInSlices } from "./time-slices.ts";

/** A seeded generator, so that a failure can be reproduced. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % below;
  };
}

const sort = (ordered: IncrementalSort, rows: Rows): Rows => runAtOnce(ordered.steps(rows));
const bySize = (a: Row, b: Row): number => a.received - b.received || b.id - a.id;

it.each([1, 2, 3, 4, 5])("after any changes it is what a sort would give (seed %i)", (seed) => {
  const random = numbers(seed);
  const ordered = new IncrementalSort(bySize);
  let rows = Array.from({ length: 200 }, (_, at) => makeRow(200 - at, { received: random(50) }));
  let next = 201;
  for (let round = 0; round < 60; round += 1) {
    const changes = random(3) === 0 ? 150 : random(6);
    for (let change = 0; change < changes; change += 1) {
      const at = random(rows.length);
      const row = rows[at];
      if (row !== undefined) rows = rows.with(at, { ...row, rev: row.rev + 1, received: random(50) });
    }
    if (random(2) === 0) rows = rows.filter((_, at) => at !== random(rows.length));
    if (random(2) === 0) rows = [makeRow(next++, { received: random(50) }), ...rows];
    expect(sort(ordered, rows).map((row) => row.id)).toEqual(rows.toSorted(bySize).map((row) => row.id));
  }
});

it("gives the same list for the same rows", () => {
  const ordered = new IncrementalSort(bySize);
  const rows = [makeRow(2), makeRow(1)];
  expect(sort(ordered, rows)).toBe(sort(ordered, rows));
});

it.each([1, 2, 3])(
  "in slices gives what one piece gives, of a long list and then of another (seed %i)",
  async (seed) => {
    const random = numbers(seed);
    const { signal } = new AbortController();
    const ordered = new IncrementalSort(bySize);
    const rows = Array.from({ length: 5_000 }, (_, at) => makeRow(5_000 - at, { received: random(900) }));
    const changed = rows
      .filter(() => random(3) > 0)
      .map((row) => (random(3) > 0 ? row : { ...row, rev: 2, received: random(900) }));
    for (const list of [rows, changed, rows]) {
      const before = ordered.copy();
      expect(await runInSlices(ordered.steps(list), signal)).toEqual(list.toSorted(bySize));
      expect(sort(before, list)).toEqual(list.toSorted(bySize));
    }
  },
);

it("compares little in each step, however many rows there are", () => {
  let compared = 0;
  const ordered = new IncrementalSort((a, b) => {
    compared += 1;
    return bySize(a, b);
  });
  const random = numbers(1);
  const rows = Array.from({ length: 5_000 }, (_, at) => makeRow(5_000 - at, { received: random(900) }));
  let most = 0;
  for (const steps = ordered.steps(rows); steps.next().done !== true; compared = 0)
    most = Math.max(most, compared);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(600);
});
