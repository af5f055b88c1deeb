// Which rows are shown, and in which order.
import { expect, it } from "vitest";
import { makeRow } from "../test/values.ts";
import { ListQuery } from "./list-query.svelte.ts";

const rows = [
  makeRow(5, { name: "file 10.iso", total: 500, received: 100, phase: "waiting" }),
  makeRow(4, { name: "file 9.iso", total: null, received: 900, phase: "running" }),
  makeRow(3, { name: "Zebra.mp4", total: 100, received: 100, phase: "done" }),
  makeRow(2, {
    name: "aardvark.zip",
    total: 500,
    received: 400,
    phase: "failed",
    url: "https://zoo.example/x",
  }),
];
const ids = (query: ListQuery): number[] => query.rows.map((row) => row.id);

it("sorts, with equal rows newest first, and turns round", () => {
  const query = new ListQuery(() => rows);
  expect(ids(query)).toEqual([5, 4, 3, 2]);
  query.sortBy("added");
  expect(ids(query)).toEqual([2, 3, 4, 5]);
  query.sortBy("name");
  expect(ids(query)).toEqual([2, 4, 5, 3]);
  query.sortBy("size");
  expect(ids(query)).toEqual([4, 5, 2, 3]);
  query.sortBy("progress");
  expect(ids(query)).toEqual([3, 2, 5, 4]);
  query.sortBy("progress");
  expect(ids(query)).toEqual([4, 5, 2, 3]);
});

it("filters by phase and by all words of the search", () => {
  const query = new ListQuery(() => rows);
  query.filter = "active";
  expect(ids(query)).toEqual([5, 4]);
  query.search = "ISO 9";
  expect(ids(query)).toEqual([4]);
  query.filter = "all";
  query.search = "zoo";
  expect(ids(query)).toEqual([2]);
  query.search = "nothing like it";
  expect(ids(query)).toEqual([]);
});

it("knows the ids in the order shown", () => {
  const query = new ListQuery(() => rows);
  query.sortBy("name");
  query.search = "iso";
  expect(query.order).toEqual([4, 5]);
});
