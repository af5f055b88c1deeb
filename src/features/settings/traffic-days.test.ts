// Tests of the sums per day, in the time zone of the test.
import { expect, it } from "vitest";
import { lastDays } from "./traffic-days.ts";

const hourOf = (year: number, month: number, day: number, hour: number): number =>
  Math.floor(new Date(year, month - 1, day, hour).getTime() / 3_600_000);

it("sums the hours of each day, and has no gaps", () => {
  const now = new Date(2026, 2, 3, 15).getTime();
  const days = lastDays(
    [
      [hourOf(2026, 2, 20, 5), 9],
      [hourOf(2026, 3, 1, 1), 1],
      [hourOf(2026, 3, 1, 23), 2],
      [hourOf(2026, 3, 3, 0), 4],
    ],
    3,
    now,
  );
  expect(days.map((day) => day.bytes)).toEqual([3, 0, 4]);
  expect(days.map((day) => new Date(day.at).getDate())).toEqual([1, 2, 3]);
});

it("counts the days over a change of the clock", () => {
  const days = lastDays([], 30, new Date(2026, 3, 5, 0, 30).getTime());
  expect(new Set(days.map((day) => new Date(day.at).toDateString())).size).toBe(30);
});
