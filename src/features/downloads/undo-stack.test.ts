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

it("undoes the last action only", () => {
  const first = vi.fn();
  const second = vi.fn();
  undo.push("one.zip removed", first);
  undo.push("two.zip removed", second);
  undo.undo();
  undo.undo();
  expect(first).not.toHaveBeenCalled();
  expect(second).toHaveBeenCalledTimes(1);
});

it("undoes nothing once the message is gone, which is before the core acts", () => {
  const revert = vi.fn();
  undo.push("one.zip removed", revert);
  vi.advanceTimersByTime(7_499);
  expect(toasts.all).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(toasts.all).toEqual([]);
  undo.undo();
  expect(revert).not.toHaveBeenCalled();
});
