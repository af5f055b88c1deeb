// What is shown and said of a download that has ended.
import { beforeEach, expect, it } from "vitest";
import { FakeCore } from "../../test/core.ts";
import { makeParts, type Parts } from "../../test/parts.ts";
import { makeRow } from "../../test/values.ts";
import { announceOutcome } from "./outcome-announcements.ts";

let core: FakeCore;
let parts: Parts;

beforeEach(() => {
  core = new FakeCore();
  ({ parts } = makeParts());
});

it("a finished one can be opened", () => {
  const after = makeRow(1, { name: "one.zip", phase: "done", received: 5_000 });
  announceOutcome({ before: makeRow(1), after }, parts);
  expect(parts.announcer.text).toBe("one.zip finished downloading");
  expect(parts.toasts.all).toMatchObject([{ tone: "success", title: "one.zip" }]);
  expect(parts.toasts.all[0]?.text.replace(/\u00a0/g, " ")).toContain("5.00 kB");
  parts.toasts.all[0]?.action?.run();
  expect(core.calls).toEqual([{ cmd: "open_file", args: { id: 1 } }]);
});

it("a failed one says why, and leads to its details", () => {
  const after = makeRow(1, {
    name: "one.zip",
    phase: "failed",
    problem: { code: "not-found", host: "a.example" },
  });
  announceOutcome({ before: makeRow(1), after }, parts);
  expect(parts.announcer.text).toBe("one.zip failed: File not found on a.example (404)");
  expect(parts.toasts.all).toMatchObject([{ tone: "error", title: "one.zip" }]);
  parts.toasts.all[0]?.action?.run();
  expect(parts.details.id).toBe(1);
});

it("other changes are not announced", () => {
  announceOutcome({ before: makeRow(1), after: makeRow(1, { phase: "paused" }) }, parts);
  announceOutcome({ before: makeRow(1), after: makeRow(1, { phase: "failed" }) }, parts);
  expect(parts.announcer.text).toBe("");
  expect(parts.toasts.all).toEqual([]);
});
