// Short messages: how many, and for how long.
import { expect, it, vi } from "vitest";
import { Toasts } from "./toasts.svelte.ts";

it("shows four toasts at most, and the same words once", () => {
  const toasts = new Toasts();
  for (const title of ["a", "b", "c", "d", "e", "e"]) toasts.show({ tone: "success", title, text: "" });
  expect(toasts.all.map((toast) => toast.title)).toEqual(["b", "c", "d", "e"]);
});

it("takes a message away after its time, or before by its key", () => {
  vi.useFakeTimers();
  const toasts = new Toasts();
  toasts.show({ tone: "error", title: "a", text: "" });
  const key = toasts.show({ tone: "plain", title: "b", text: "" }, 1_000);
  toasts.show({ tone: "plain", title: "c", text: "" }, 1_000);
  toasts.dismiss(key);
  expect(toasts.all.map((toast) => toast.title)).toEqual(["a", "c"]);
  vi.advanceTimersByTime(1_000);
  expect(toasts.all.map((toast) => toast.title)).toEqual(["a"]);
  vi.advanceTimersByTime(11_000);
  expect(toasts.all).toEqual([]);
});
