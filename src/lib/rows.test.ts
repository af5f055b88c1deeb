import { describe, expect, it } from "vitest";
import { makeRow } from "../test/values.ts";
import type { Page, Row, Totals } from "./api.ts";
import {
  applyNumbers,
  type EarlyNumbers,
  find,
  merge,
  position,
  Pull,
  type Rows,
  removeRows,
} from "./rows.ts";

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
    const known = makeRow(1, { rev: 5, counted: 5, received: 50, name: "five" });
    const rows: Rows = [known];
    for (const rev of [4, 5])
      expect(merge(rows, [makeRow(1, { rev, counted: rev, received: 10, name: "old" })], none)).toBe(rows);
    const newer = makeRow(1, { rev: 6, counted: 6, received: 60, name: "six" });
    expect(merge(rows, [newer], none)).toEqual([newer]);
    expect(rows[0]).toBe(known);
  });

  it("keeps newer numbers under an older whole, and a newer whole under older numbers", () => {
    const late = makeRow(1, { rev: 4, counted: 4, phase: "paused", received: 40 });
    const known = makeRow(1, { rev: 2, counted: 9, phase: "running", received: 90, speed: 9 });
    const expected = { ...late, counted: 9, received: 90, speed: 9, connections: known.connections };
    expect(merge([known], [late], none)).toEqual([expected]);
    expect(merge([late], [known], none)).toEqual([expected]);
  });

  it("does not bring back what is gone", () => {
    expect(merge([], [makeRow(4)], new Set([4]))).toEqual([]);
    expect(removeRows([makeRow(4), makeRow(3)], new Set([4])).map((row) => row.id)).toEqual([3]);
  });
});

describe("applyNumbers", () => {
  it("changes nothing but the numbers, and only forward", () => {
    const rows: Rows = [makeRow(2), makeRow(1, { rev: 7, counted: 8, phase: "paused" })];
    const after = applyNumbers(rows, [[1, 9, 500, 20, 3, 4]], new Map());
    expect(after[0]).toBe(rows[0]);
    const expected = { counted: 9, received: 500, speed: 20, eta: 3, connections: 4 };
    expect(after[1]).toEqual(makeRow(1, { rev: 7, phase: "paused", ...expected }));
    expect(applyNumbers(after, [[1, 9, 1, 1, 1, 1]], new Map())).toBe(after);
  });

  it("keeps what comes before its row until that is there", () => {
    const early: EarlyNumbers = new Map();
    const rows = applyNumbers([], [[1, 9, 500, 20, null, 4]], early);
    expect(rows).toEqual([]);
    expect(merge(rows, [makeRow(1, { counted: 8 })], none, early)[0]?.received).toBe(500);
    expect(early.size).toBe(0);
    applyNumbers([], [[1, 9, 500, 20, null, 4]], early);
    expect(merge([], [makeRow(1, { counted: 12, received: 700 })], none, early)[0]?.received).toBe(700);
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
