import { expect, it } from "vitest";
import { makeRow } from "../test/values.ts";
import { workLeft } from "./work-left.ts";

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
