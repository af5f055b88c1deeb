// Finished downloads by day, at the borders of days and weeks.
import { expect, it } from "vitest";
import { makeRow } from "../test/values.ts";
import { groupStarts } from "./day-groups.ts";

const at = (day: number, hour = 12): number => new Date(2026, 10, day, hour).getTime();
const rowsAt = (...times: (number | null)[]) =>
  times.map((finishedAt, place) =>
    makeRow(times.length - place, { phase: finishedAt === null ? "running" : "done", finishedAt }),
  );

it("begin a group where the day, yesterday, the week and all before it begin", () => {
  // A Thursday.
  const now = at(26, 15);
  const rows = rowsAt(
    at(26, 14),
    at(26, 0),
    at(25, 23),
    at(25, 0),
    at(24),
    at(23, 0),
    at(22, 23),
    at(1),
    null,
  );
  expect(groupStarts(rows, now)).toEqual([
    { at: 0, group: "today" },
    { at: 2, group: "yesterday" },
    { at: 4, group: "week" },
    { at: 6, group: "earlier" },
    { at: 8, group: "unfinished" },
  ]);
});

it("on a Monday have no other day of this week, and leave out what is empty", () => {
  const now = at(23, 9);
  expect(groupStarts(rowsAt(at(21), at(23, 1)), now)).toEqual([
    { at: 0, group: "earlier" },
    { at: 1, group: "today" },
  ]);
  expect(groupStarts([], now)).toEqual([]);
});
