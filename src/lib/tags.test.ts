// Tags as they are typed, and as they change for several downloads at once.
import { expect, it } from "vitest";
import { makeRow } from "../test/values.ts";
import { commonTags, parseTags, tagChanges, tagsError, tagsInUse } from "./tags.ts";

const rows = [makeRow(3, { tags: ["Work", "iso"] }), makeRow(2, { tags: ["work"] }), makeRow(1)];

it("are separated by commas, each once", () => {
  expect(parseTags(" Work, to read ,work,, 稍后，b、c ")).toEqual(["Work", "to read", "稍后", "b", "c"]);
  expect(parseTags(" , ")).toEqual([]);
});

it("are too many or too long for the core", () => {
  expect(tagsError(["a", "b", "c", "d", "e", "f"])).toBeNull();
  expect(tagsError(["a", "b", "c", "d", "e", "f", "g"])).not.toBeNull();
  expect(tagsError(["😀".repeat(24)])).toBeNull();
  expect(tagsError(["x".repeat(25)])).not.toBeNull();
});

it("are common to all rows, whatever their case", () => {
  expect(commonTags(rows.slice(0, 2))).toEqual(["Work"]);
  expect(commonTags(rows)).toEqual([]);
  expect(tagsInUse(rows)).toEqual(["iso", "work"]);
});

it("that only some rows have stay there, and equal changes go together", () => {
  expect(tagChanges(rows.slice(0, 2), ["later"])).toEqual([
    { ids: [3], tags: ["iso", "later"] },
    { ids: [2], tags: ["later"] },
  ]);
  expect(tagChanges(rows, ["x"])).toEqual([
    { ids: [3], tags: ["Work", "iso", "x"] },
    { ids: [2], tags: ["work", "x"] },
    { ids: [1], tags: ["x"] },
  ]);
  expect(tagChanges([makeRow(2), makeRow(1)], ["x"])).toEqual([{ ids: [2, 1], tags: ["x"] }]);
  expect(tagChanges([makeRow(1, { tags: ["x"] })], ["x"])).toEqual([]);
});
