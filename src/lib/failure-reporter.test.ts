// Reports of refused commands.
import { beforeEach, expect, it } from "vitest";
import { Announcer } from "./announcer.svelte.ts";
import { FailureReporter } from "./failure-reporter.ts";
import { Toasts } from "./toasts.svelte.ts";

let toasts: Toasts;
let announcer: Announcer;
let failures: FailureReporter;
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  toasts = new Toasts();
  announcer = new Announcer();
  failures = new FailureReporter(toasts, announcer);
});

it("shows and says what failed, and why", async () => {
  const refusal = Object.assign(new Error(), { code: "not-now", problem: null });
  failures.watch(Promise.reject(refusal), () => "one.zip was not paused");
  await settled();
  expect(toasts.all).toHaveLength(1);
  expect(toasts.all[0]).toMatchObject({ tone: "error", title: "one.zip was not paused" });
  expect(toasts.all[0]?.text).toContain("Not possible right now");
  expect(announcer.text).toBe(`one.zip was not paused. ${toasts.all[0]?.text ?? ""}`);
});

it("is silent about what succeeds", async () => {
  failures.watch(Promise.resolve(), () => "never shown");
  await settled();
  expect(toasts.all).toEqual([]);
  expect(announcer.text).toBe("");
});
