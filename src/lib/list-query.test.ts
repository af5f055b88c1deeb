import { expect, it } from "vitest";
import { makeRow } from "../test/values.ts";
import { Selection } from "./selection.svelte.ts";
import { ListQuery } from "./list-query.svelte.ts";
import { SpeedHistory } from "./speed-history.svelte.ts";
import { Toasts } from "./toasts.svelte.ts";

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

it("selects as lists do", () => {
  const order = [5, 4, 3, 2];
  const selection = new Selection();
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

it("keeps a minute of speeds, lets a stopped one run out", () => {
  const speeds = new SpeedHistory();
  for (let at = 1; at <= 70; at += 1) speeds.sample([makeRow(1, { phase: "running", speed: at })]);
  expect(speeds.of(1)).toHaveLength(60);
  expect(speeds.of(1).at(-1)).toBe(70);
  speeds.sample([makeRow(1, { phase: "paused", speed: 0 })]);
  expect(speeds.of(1).at(-1)).toBe(0);
  for (let at = 0; at < 60; at += 1) speeds.sample([makeRow(1, { phase: "paused" })]);
  expect(speeds.of(1)).toEqual([]);
});

it("shows four toasts at most, and the same words once", () => {
  const toasts = new Toasts();
  for (const title of ["a", "b", "c", "d", "e", "e"]) toasts.show({ tone: "success", title, text: "" });
  expect(toasts.all.map((toast) => toast.title)).toEqual(["b", "c", "d", "e"]);
});
