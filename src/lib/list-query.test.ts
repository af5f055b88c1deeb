// Which rows are shown, and in which order.
import { describe, expect, it } from "vitest";
import { makeRow } from "../test/values.ts";
import type { Rows } from "./rows.ts";
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

it("sorts rows that are equal by a second key, and turns each of the two round", () => {
  const query = new ListQuery(() => rows);
  query.sortBy("size");
  query.sortBy("name", true);
  expect(ids(query)).toEqual([4, 2, 5, 3]);
  query.sortBy("name", true);
  expect(ids(query)).toEqual([4, 5, 2, 3]);
  query.sortBy("size", true);
  expect(ids(query)).toEqual([3, 5, 2, 4]);
  query.sortBy("name");
  expect(query.keys).toEqual([{ sort: "name", reversed: false }]);
});

it("puts rows that have not finished last, in both directions", () => {
  const some = [
    makeRow(4, { phase: "done", finishedAt: 10 }),
    makeRow(3),
    makeRow(2, { phase: "done", finishedAt: 30 }),
    makeRow(1),
  ];
  const query = new ListQuery(() => some);
  query.sortBy("finished");
  expect(ids(query)).toEqual([2, 4, 3, 1]);
  query.sortBy("finished");
  expect(ids(query)).toEqual([4, 2, 3, 1]);
});

it("combines status and type, counts each within the other, and shows everything again", () => {
  const query = new ListQuery(() => [makeRow(3, { category: "video", phase: "failed" }), ...rows.slice(3)]);
  query.showOnly("all", "video");
  query.showStatus("failed");
  expect(ids(query)).toEqual([3]);
  expect([query.counts.of("failed", "video"), query.counts.of("failed", null)]).toEqual([1, 2]);
  query.showStatus("all");
  expect(ids(query)).toEqual([3, 2]);
});

it("remembers status, type and order for the next window, but no search", () => {
  const query = new ListQuery(() => rows);
  query.search = "iso";
  query.showOnly("active", "file");
  query.sortBy("name");
  query.sortBy("size", true);
  const again = new ListQuery(() => rows);
  expect([again.search, again.filter, again.category]).toEqual(["", "active", "file"]);
  expect(again.keys).toEqual(query.keys);
});

it("knows the place of a row in any order, and that a hidden one has none", () => {
  const query = new ListQuery(() => rows);
  for (const sort of ["added", "name", "size", "progress"] as const) {
    query.sortBy(sort);
    expect(ids(query).map((id) => query.indexOf(id))).toEqual([0, 1, 2, 3]);
    query.sortBy(sort);
    expect(ids(query).map((id) => query.indexOf(id))).toEqual([0, 1, 2, 3]);
  }
  query.search = "iso";
  expect([query.indexOf(3), query.indexOf(99)]).toEqual([-1, -1]);
});

describe("a long list", () => {
  const all: Rows = Array.from({ length: 3_000 }, (_, at) =>
    makeRow(3_000 - at, { name: `part-${(at * 1_237) % 3_000}.zip`, total: (at * 31) % 500 }),
  );
  const byName = (list: Rows): number[] =>
    list.toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true })).map((row) => row.id);

  it("keeps the order of before, with its rows as they come, until the new one is ready", async () => {
    let list: Rows = all;
    const query = new ListQuery(() => list);
    query.sortBy("name");
    expect(query.sort).toBe("name");
    expect([query.preparing, query.shownKey.sort]).toEqual([true, "added"]);
    expect(ids(query)).toEqual(all.map((row) => row.id));
    list = [makeRow(3_001, { name: "part-7 b.zip" }), ...all.slice(1)];
    await query.settled();
    expect([query.preparing, query.shownKey.sort]).toEqual([false, "name"]);
    expect(ids(query)).toEqual(byName(list));
  });

  it("loses none of many rows that come meanwhile", async () => {
    let list: Rows = all.slice(1_500);
    const query = new ListQuery(() => list);
    query.sortBy("name");
    list = all;
    await query.settled();
    expect(ids(query)).toEqual(byName(all));
  });

  it("shows what was asked for last, whatever was being prepared", async () => {
    const query = new ListQuery(() => all);
    query.sortBy("name");
    query.search = "part-1";
    query.sortBy("name");
    query.search = "part-12";
    await query.settled();
    const found = all.filter((row) => row.name.includes("part-12"));
    expect(ids(query)).toEqual(byName(found).reverse());
    query.sortBy("size");
    query.showAll();
    query.sortBy("added");
    expect([query.preparing, query.empty]).toEqual([false, false]);
    expect(ids(query)).toEqual(all.map((row) => row.id));
    await query.settled();
    expect(ids(query)).toEqual(all.map((row) => row.id));
  });

  it("is not called empty before it is known to be", async () => {
    const query = new ListQuery(() => all);
    query.sortBy("name");
    query.search = "nothing like it";
    await query.settled();
    expect(query.empty).toBe(true);
    query.showAll();
    expect([query.empty, query.rows]).toEqual([false, []]);
    await query.settled();
    expect(ids(query)).toEqual(byName(all));
  });
});
