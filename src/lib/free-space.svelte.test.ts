import { flushSync } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FakeCore } from "../test/core.ts";
import { asked } from "../test/window.ts";
import { FreeSpace } from "./free-space.svelte.ts";

let core: FakeCore;
const see = (visibilityState: "visible" | "hidden"): unknown =>
  Object.defineProperty(document, "visibilityState", { value: visibilityState, configurable: true });

beforeEach(() => {
  vi.useFakeTimers();
  core = new FakeCore([]);
});
afterEach(() => void Reflect.deleteProperty(document, "visibilityState"));

/** Reads it as a view does; returns what was read so far, and what stops it. */
function read(): { seen: (number | null)[]; stop: () => void } {
  const space = new FreeSpace();
  const seen: (number | null)[] = [];
  const stop = $effect.root(() => {
    $effect(() => void seen.push(space.bytes));
  });
  flushSync();
  return { seen, stop };
}
const times = (): number => asked(core, "free_space").length;
const pass = async (ms: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(ms);
  flushSync();
};

it("is asked for every few seconds while it is read and the window is visible", async () => {
  const { seen, stop } = read();
  await pass(10);
  expect(seen).toEqual([null, 212_000_000_000]);
  await pass(10_000);
  expect(times()).toBe(3);
  see("hidden");
  await pass(60_000);
  expect(times()).toBe(3);
  see("visible");
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(10);
  expect(times()).toBe(4);
  stop();
  await pass(60_000);
  expect(times()).toBe(4);
});

it("is not asked for again while a disk does not respond", async () => {
  core.answers.set("free_space", () => new Promise(() => undefined));
  const { seen, stop } = read();
  await pass(60_000);
  expect(times()).toBe(1);
  expect(seen).toEqual([null]);
  stop();
});
