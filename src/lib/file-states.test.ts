// Which files are gone: asked for the finished rows on the screen only, and kept for those that are not.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeCore } from "../test/core.ts";
import { makeRow } from "../test/values.ts";
import { FileStates } from "./file-states.svelte.ts";

const row = (id: number, phase: "done" | "running" = "done") => makeRow(id, { phase });
let core: FakeCore;
let files: FileStates;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  core = new FakeCore([row(1), row(2), row(3, "running")]);
  files = new FileStates();
  stop = files.start();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

const asked = (): unknown[] =>
  core.calls.filter(({ cmd }) => cmd === "missing_files").map(({ args }) => args["ids"]);

test("the finished rows on the screen are looked at, once they stand still", async () => {
  core.missing.add(2);
  files.setVisible([row(1)]);
  files.setVisible([row(1), row(2), row(3, "running")]);
  expect(asked()).toEqual([]);
  await vi.advanceTimersByTimeAsync(300);
  expect(asked()).toEqual([[1, 2]]);
  expect([1, 2].map((id) => files.isMissing(row(id)))).toEqual([false, true]);
  expect(files.isMissing(row(2, "running"))).toBe(false);
});

test("a file that comes back is there again, and rows off the screen stay as they were", async () => {
  core.missing.add(1);
  files.setVisible([row(1)]);
  await vi.advanceTimersByTimeAsync(300);
  files.setVisible([row(2)]);
  core.missing.clear();
  await vi.advanceTimersByTimeAsync(300);
  expect(files.isMissing(row(1))).toBe(true);
  files.setVisible([row(1)]);
  await vi.advanceTimersByTimeAsync(300);
  expect(files.isMissing(row(1))).toBe(false);
});

test("one request at a time, and one more for what was asked meanwhile", async () => {
  let answer: ((ids: number[]) => void) | undefined;
  core.answers.set("missing_files", () => new Promise((resolve) => (answer = resolve)));
  files.setVisible([row(1)]);
  await vi.advanceTimersByTimeAsync(300);
  files.look();
  files.look();
  await vi.advanceTimersByTimeAsync(0);
  expect(asked()).toHaveLength(1);
  answer?.([]);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked()).toHaveLength(2);
});

test("a failed look changes nothing", async () => {
  files.setMissing(1);
  core.answers.set("missing_files", () => Promise.reject(new Error("the core is ending")));
  files.setVisible([row(1)]);
  await vi.advanceTimersByTimeAsync(300);
  expect(asked()).toHaveLength(1);
  expect(files.isMissing(row(1))).toBe(true);
});
