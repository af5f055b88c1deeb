import { expect, it } from "vitest";
import { segmentSpans } from "./segment-spans.ts";

it("what is here and what is coming in are shares of the whole", () => {
  const spans = segmentSpans({
    total: 200,
    done: [
      [0, 50],
      [100, 100],
    ],
    active: [
      { from: 50, at: 60, to: 100 },
      { from: 150, at: 150, to: 200 },
    ],
  });
  expect(spans.here).toEqual([{ from: 0, to: 0.25 }]);
  expect(spans.coming).toEqual([
    { from: 0.25, to: 0.3 },
    { from: 0.75, to: 0.75 },
  ]);
  expect(spans.open).toEqual([
    { from: 0.3, to: 0.5 },
    { from: 0.75, to: 1 },
  ]);
});

it("of a file whose length nobody knows there is nothing to draw", () => {
  expect(segmentSpans({ total: null, done: [[0, 5]], active: [] })).toEqual({
    here: [],
    coming: [],
    open: [],
  });
});
