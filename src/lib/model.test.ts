import { describe, expect, it } from "vitest";
import { makeRow } from "../test/core.ts";
import type { Page, Row, Totals } from "./api.ts";
import { find, merge, position, Pull, type Rows, without } from "./model.ts";

const none = new Set<number>();
const totals: Totals = { speed: 0, all: 0, active: 0, queued: 0, paused: 0, failed: 0, done: 0 };
const page = (first: number, rows: Row[], length: number): Page => ({ first, rows, length, totals });

describe("merge", () => {
  it("keeps ids descending, whatever order they come in", () => {
    let rows: Rows = [];
    for (const id of [3, 9, 1, 7, 5]) rows = merge(rows, [makeRow(id)], none);
    expect(rows.map((row) => row.id)).toEqual([9, 7, 5, 3, 1]);
    expect(position(rows, 6)).toBe(2);
    expect(find(rows, 7)?.id).toBe(7);
    expect(find(rows, 6)).toBeUndefined();
  });

  it("drops a row that is not newer than the known one", () => {
    const known = makeRow(1, { rev: 5, received: 50 });
    const rows: Rows = [known];
    expect(merge(rows, [makeRow(1, { rev: 5, received: 10 })], none)).toBe(rows);
    expect(merge(rows, [makeRow(1, { rev: 4, received: 10 })], none)).toBe(rows);
    expect(find(merge(rows, [makeRow(1, { rev: 6, received: 60 })], none), 1)?.received).toBe(60);
    expect(rows[0]).toBe(known);
  });

  it("does not bring back what is gone", () => {
    expect(merge([], [makeRow(4)], new Set([4]))).toEqual([]);
    expect(without([makeRow(4), makeRow(3)], new Set([4])).map((row) => row.id)).toEqual([3]);
  });
});

describe("Pull", () => {
  it("asks until the end and drops what nobody named", () => {
    const pull = new Pull();
    const stale = makeRow(2);
    expect(pull.page(page(0, [makeRow(5), makeRow(4)], 3))).toBe(true);
    expect(pull.next).toBe(2);
    expect(pull.page(page(2, [makeRow(1)], 3))).toBe(false);
    const left = pull.settle([makeRow(5), makeRow(4), stale, makeRow(1)]);
    expect(left.map((row) => row.id)).toEqual([5, 4, 1]);
  });

  it("keeps a row that only a frame has named", () => {
    const pull = new Pull();
    pull.page(page(0, [makeRow(5)], 1));
    pull.frame([makeRow(6)], []);
    expect(pull.settle([makeRow(6), makeRow(5)])).toHaveLength(2);
  });

  it("steps back when a row before the next page leaves", () => {
    const pull = new Pull();
    pull.page(page(0, [makeRow(5), makeRow(4)], 4));
    pull.frame([], [5]);
    expect(pull.next).toBe(1);
    pull.frame([], [77]);
    expect(pull.next).toBe(1);
  });
});
