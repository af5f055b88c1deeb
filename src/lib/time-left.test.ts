// The time left is no finer than an estimate is.
import { expect, it } from "vitest";
import { coarse, secondsLeft, timeLeft } from "./time-left.ts";

it.each([
  [35, 35],
  [119, 119],
  [120, 120],
  [394, 420],
  [569, 540],
  [571, 600],
  [740, 720 - 120],
  [800, 900],
  [4_900, 4_800],
  [9_100, 9_000],
  [30_000, 28_800],
])("%i s are shown as %i s", (seconds, shown) => {
  expect(coarse(seconds)).toBe(shown);
});

it("is written for a column", () => {
  expect(timeLeft(394).replace(/\u00a0/g, " ")).toBe("7m");
  expect(timeLeft(4_900).replace(/\u00a0/g, " ")).toBe("1h 20m");
});

it("comes from the speed now, as the core rounds it, and is unknown without one", () => {
  expect(secondsLeft(1_000, 0)).toBeNull();
  expect(secondsLeft(1_000, 200)).toBe(5);
  expect(secondsLeft(1_001, 200)).toBe(6);
});
