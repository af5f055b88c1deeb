// What can be undone, and until when.
import { beforeEach, expect, it, vi } from "vitest";
import { Announcer } from "../../lib/announcer.svelte.ts";
import { Toasts } from "../../lib/toasts.svelte.ts";
import { UndoStack } from "./undo-stack.ts";

let toasts: Toasts;
let announcer: Announcer;
let undo: UndoStack;

beforeEach(() => {
  vi.useFakeTimers();
  toasts = new Toasts();
  announcer = new Announcer();
  undo = new UndoStack(toasts, announcer);
});

it("shows and says an action, and undoes it once", () => {
  const revert = vi.fn();
  undo.push("one.zip removed", revert);
  expect(announcer.text).toBe("one.zip removed");
  expect(toasts.all.map(({ title }) => title)).toEqual(["one.zip removed"]);
  undo.undo();
  undo.undo();
  expect(revert).toHaveBeenCalledTimes(1);
  expect(toasts.all).toEqual([]);
});

it("is undone by the message's button too", () => {
  const revert = vi.fn();
  undo.push("one.zip removed", revert);
  expect(toasts.all[0]?.action?.label).toBe("Undo");
  toasts.all[0]?.action?.run();
  expect(revert).toHaveBeenCalledTimes(1);
});

it("undoes the latest action first, then the one before", () => {
  const first = vi.fn();
  const second = vi.fn();
  undo.push("one.zip removed", first);
  undo.push("two.zip removed", second);
  undo.undo();
  expect([first, second].map((one) => one.mock.calls.length)).toEqual([0, 1]);
  undo.undo();
  undo.undo();
  expect([first, second].map((one) => one.mock.calls.length)).toEqual([1, 1]);
});

it("undoes by the button what its message says, also where another is newer or says the same", () => {
  const reverts = [vi.fn(), vi.fn(), vi.fn()];
  for (const revert of reverts) undo.push("2 downloads removed", revert);
  expect(toasts.all).toHaveLength(3);
  toasts.all[0]?.action?.run();
  expect(reverts.map((one) => one.mock.calls.length)).toEqual([1, 0, 0]);
  undo.undo();
  expect(reverts.map((one) => one.mock.calls.length)).toEqual([1, 0, 1]);
});

it("undoes nothing once the message is gone, which is before the core acts", () => {
  const revert = vi.fn();
  undo.push("one.zip removed", revert);
  vi.advanceTimersByTime(9_999);
  expect(toasts.all).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(toasts.all).toEqual([]);
  undo.push("two.zip removed", revert);
  toasts.hold(true);
  vi.advanceTimersByTime(28_000);
  expect(toasts.all).toEqual([]);
  undo.undo();
  expect(revert).not.toHaveBeenCalled();
});
