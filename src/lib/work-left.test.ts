import { expect, it } from "vitest";
import { makeRow } from "../test/values.ts";
import { secondsLeft, workLeft } from "./work-left.ts";

it("what is left counts what runs and is queued, and says when a length is unknown", () => {
  const running = makeRow(4, { total: 100, received: 40 });
  const queued = makeRow(3, { phase: "queued", total: 50 });
  const paused = makeRow(2, { phase: "paused", total: 1_000 });
  const failed = makeRow(1, { phase: "failed", total: 1_000 });
  expect(workLeft([])).toBeUndefined();
  expect(workLeft([paused, failed])).toBeUndefined();
  expect(workLeft([running, queued, paused, failed])).toEqual({ bytes: 110, more: false });
  expect(workLeft([makeRow(5, { total: null }), queued])).toEqual({ bytes: 50, more: true });
});

it("the time left comes from the latest speed, and is unknown without one", () => {
  expect(secondsLeft(1_000, [])).toBeNull();
  expect(secondsLeft(1_000, [0, 0])).toBeNull();
  expect(secondsLeft(1_000, [100, 300])).toBe(5);
  expect(secondsLeft(1_500, [...Array<number>(60).fill(9_000), ...Array<number>(15).fill(100)])).toBe(15);
});
