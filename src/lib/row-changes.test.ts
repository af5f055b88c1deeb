// Filtered and counted incrementally, a list equals one that is filtered and counted anew.
import { expect, it } from "vitest";
import { makeRow } from "../test/values.ts";
import type { Row } from "./api.ts";
import { IncrementalFilter } from "./incremental-filter.ts";
import { IncrementalCounts } from "./row-counts.ts";
import { rowChanges } from "./row-changes.ts";
import { runAtOnce } from "./time-slices.ts";

/** A seeded generator, so that a failure can be reproduced. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % below;
  };
}

const phases = ["running", "paused", "failed", "done"] as const;
const types = ["video", "audio"] as const;

it.each([1, 2, 3, 4, 5])("after any changes they are what a full pass would give (seed %i)", (seed) => {
  const random = numbers(seed);
  const made = (id: number): Row =>
    makeRow(id, { phase: phases[random(4)] ?? "done", category: types[random(2)] ?? "video" });
  const passes = (row: Row): boolean => row.group === "failed";
  const filtered = new IncrementalFilter(passes);
  const counted = new IncrementalCounts();
  let rows = Array.from({ length: 60 }, (_, at) => made(60 - at));
  let next = 61;
  for (let round = 0; round < 80; round += 1) {
    for (let change = random(8); change > 0; change -= 1) {
      const at = random(rows.length);
      const row = rows[at];
      if (row !== undefined) rows = rows.with(at, made(row.id));
    }
    if (random(2) === 0) rows = rows.toSpliced(random(rows.length), 1 + random(2));
    if (random(2) === 0) rows = [made(next++), ...rows];
    expect(runAtOnce(filtered.steps(rows))).toEqual(rows.filter(passes));
    const counts = counted.count(rows);
    expect(counts.of("failed", "audio")).toBe(
      rows.filter((row) => passes(row) && row.category === "audio").length,
    );
    expect(counts.of("all", "video")).toBe(rows.filter((row) => row.category === "video").length);
    expect(counts.of("done", null)).toBe(rows.filter((row) => row.group === "done").length);
    expect(counts.of("all", null)).toBe(rows.length);
  }
});

it("gives the same list when nothing in it has changed", () => {
  const filtered = new IncrementalFilter((row) => row.group === "failed");
  const rows = [makeRow(3), makeRow(2, { phase: "failed" }), makeRow(1)];
  const first = runAtOnce(filtered.steps(rows));
  expect(runAtOnce(filtered.steps(rows.with(0, makeRow(3, { received: 9 }))))).toBe(first);
});

it("names a changed row as it was and as it is, and others once", () => {
  const [three, two, one] = [makeRow(3), makeRow(2), makeRow(1)];
  const other = makeRow(2, { received: 5 });
  const four = makeRow(4);
  expect(rowChanges([three, two, one], [four, three, other])).toEqual({
    gone: [two, one],
    added: [four, other],
  });
});
