// Short messages: how many, and for how long.
import { beforeEach, expect, it, vi } from "vitest";
import { Toasts } from "./toasts.svelte.ts";

let toasts: Toasts;
const titles = (): string[] => toasts.all.map((toast) => toast.title);

beforeEach(() => {
  vi.useFakeTimers();
  toasts = new Toasts();
});

it("shows four toasts at most, and the same words once", () => {
  for (const title of ["a", "b", "c", "d", "e", "e"]) toasts.show({ tone: "success", title, text: "" });
  expect(titles()).toEqual(["b", "c", "d", "e"]);
});

it("drops and replaces none whose action would be lost", () => {
  const action = { label: "Undo", run: () => undefined };
  for (let count = 0; count < 6; count += 1)
    toasts.show({ tone: "plain", title: "a", text: "", action, pending: true });
  for (const title of ["a", "b", "c", "d", "e"]) toasts.show({ tone: "error", title, text: "" });
  expect(titles()).toEqual([...Array<string>(6).fill("a"), "b", "c", "d", "e"]);
});

it("takes a message away after its time, or before by its key", () => {
  toasts.show({ tone: "error", title: "a", text: "" });
  const key = toasts.show({ tone: "plain", title: "b", text: "" }, { time: 1_000 });
  toasts.show({ tone: "plain", title: "c", text: "" }, { time: 1_000 });
  toasts.dismiss(key);
  expect(titles()).toEqual(["a", "c"]);
  vi.advanceTimersByTime(1_000);
  expect(titles()).toEqual(["a"]);
  vi.advanceTimersByTime(11_000);
  expect(toasts.all).toEqual([]);
});

it("lets the time of all stand still while they are held, also of one that comes meanwhile", () => {
  toasts.show({ tone: "plain", title: "a", text: "" }, { time: 1_000 });
  vi.advanceTimersByTime(600);
  toasts.hold(true);
  toasts.show({ tone: "plain", title: "b", text: "" }, { time: 1_000 });
  vi.advanceTimersByTime(60_000);
  expect(titles()).toEqual(["a", "b"]);
  toasts.hold(false);
  vi.advanceTimersByTime(399);
  expect(titles()).toEqual(["a", "b"]);
  vi.advanceTimersByTime(1);
  expect(titles()).toEqual(["b"]);
  vi.advanceTimersByTime(600);
  expect(titles()).toEqual([]);
});

it("holds none beyond its longest time", () => {
  toasts.show({ tone: "plain", title: "a", text: "" }, { time: 1_000, most: 3_000 });
  toasts.hold(true);
  vi.advanceTimersByTime(2_999);
  expect(titles()).toEqual(["a"]);
  vi.advanceTimersByTime(1);
  expect(titles()).toEqual([]);
  expect(toasts.held).toBe(false);
});
