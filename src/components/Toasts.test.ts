// Messages in the corner: their time stands still while they are read.
import { fireEvent, render } from "@testing-library/svelte";
import { tick } from "svelte";
import { beforeEach, expect, it, vi } from "vitest";
import { Toasts } from "../lib/toasts.svelte.ts";
import View from "./Toasts.svelte";

let toasts: Toasts;
let section: HTMLElement;

beforeEach(async () => {
  vi.useFakeTimers();
  toasts = new Toasts();
  const run = (): void => undefined;
  toasts.show({ tone: "plain", title: "a", text: "", action: { label: "Undo", run }, pending: true });
  toasts.show({ tone: "error", title: "b", text: "why" });
  section = render(View, { toasts }).container.querySelector("section") ?? expect.fail("no messages");
  await tick();
});

it("is held while pointed at", async () => {
  await fireEvent.pointerEnter(section);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(toasts.all).toHaveLength(2);
  await fireEvent.pointerLeave(section);
  await vi.advanceTimersByTimeAsync(12_000);
  expect(toasts.all).toEqual([]);
});

it("is held while one of its buttons has the focus, and runs on when that is pressed", async () => {
  const buttons = section.querySelectorAll("button");
  buttons[0]?.focus();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(toasts.all).toHaveLength(2);
  await fireEvent.click(buttons[0] ?? section);
  buttons[0]?.blur();
  await vi.advanceTimersByTimeAsync(12_000);
  expect(toasts.all).toEqual([]);
});

it("shows the time that is left where the action depends on it", () => {
  expect(section.querySelectorAll(".ring")).toHaveLength(1);
});
