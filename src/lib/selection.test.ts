// The selection of a list.
import { beforeEach, describe, expect, it } from "vitest";
import { makeRow } from "../test/values.ts";
import { Selection } from "./selection.svelte.ts";

const order = [5, 4, 3, 2, 1];
const all = order.map((id) => makeRow(id));
let selection: Selection;
const ids = (): number[] => [...selection.ids];

beforeEach(() => {
  selection = new Selection(() => all);
});

describe("the selected rows", () => {
  it("are those of the list with the selected ids, in the list's order", () => {
    expect(selection.rows).toEqual([]);
    selection.toggle(1);
    selection.toggle(4);
    selection.toggle(99);
    expect(selection.rows.map((row) => row.id)).toEqual([4, 1]);
  });

  it("extend from the anchor, and only the last extension counts", () => {
    selection.selectOnly(4);
    selection.extend(2, order);
    expect(ids()).toEqual([4, 3, 2]);
    selection.extend(5, order);
    expect(ids()).toEqual([5, 4]);
    expect(selection.cursor).toBe(5);
  });

  it("are one row when the anchor is not shown", () => {
    selection.selectOnly(99);
    selection.extend(2, order);
    expect(ids()).toEqual([2]);
  });

  it("are all rows, with the cursor on the first", () => {
    selection.selectAll(order);
    expect(ids()).toEqual(order);
    expect(selection.cursor).toBe(5);
  });
});

describe("the cursor", () => {
  it("moves by rows and stops at both ends", () => {
    expect(selection.move(1, order, false)).toBe(5);
    expect(selection.move(1, order, false)).toBe(4);
    expect(selection.move(-Infinity, order, false)).toBe(5);
    expect(selection.move(Infinity, order, false)).toBe(1);
    expect(selection.move(1, order, true)).toBe(1);
    expect(selection.move(1, [], false)).toBeUndefined();
  });

  it("starts at the last row when it moves up", () => {
    expect(selection.move(-1, order, false)).toBe(1);
  });

  it("goes to the next remaining row, or else the previous one", () => {
    expect(selection.after(new Set([4, 3]), order)).toBe(2);
    expect(selection.after(new Set([2, 1]), order)).toBe(3);
    expect(selection.after(new Set(order), order)).toBeUndefined();
    selection.selectOnly(3);
    expect(selection.after(new Set([99]), order)).toBe(3);
  });
});

it("ends with no row selected and taps that open rows", () => {
  selection.tapSelects = true;
  selection.toggle(3);
  selection.end();
  expect(selection.tapSelects).toBe(false);
  expect(selection.rows).toEqual([]);
});

it("selects as lists do", () => {
  const order = [5, 4, 3, 2];
  expect(selection.move(1, order, false)).toBe(5);
  selection.extend(3, order);
  expect([...selection.ids]).toEqual([5, 4, 3]);
  selection.extend(4, order);
  expect([...selection.ids]).toEqual([5, 4]);
  selection.toggle(2);
  selection.toggle(5);
  expect([...selection.ids]).toEqual([4, 2]);
  expect(selection.move(Infinity, order, false)).toBe(2);
  expect(selection.move(1, order, false)).toBe(2);
  expect(selection.move(-2, order, true)).toBe(4);
  expect([...selection.ids]).toEqual([4, 3, 2]);
  expect(selection.move(1, [], false)).toBeUndefined();
});
