// Tests of back navigation with the real history of the page.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { BackNavigation } from "./back-navigation.ts";

let open: boolean;
let closed: number;
let back: BackNavigation;
let stop: () => void;

beforeEach(() => {
  open = false;
  closed = 0;
  back = new BackNavigation(() => {
    closed += 1;
    open = false;
    return false;
  });
  stop = back.start();
});
afterEach(() => stop());

const show = (something: boolean): void => {
  open = something;
  back.wants(something);
};

it("closes what lies on top, once", async () => {
  show(true);
  history.back();
  await vi.waitFor(() => expect(closed).toBe(1));
  expect(open).toBe(false);
});

it("closes what was opened while it still went back by itself", async () => {
  const went = vi.spyOn(history, "back");
  show(true);
  show(false);
  await vi.waitFor(() => expect(went).toHaveBeenCalledTimes(1));
  // The popstate event is still pending: some engines would drop an entry pushed now.
  const pushed = vi.spyOn(history, "pushState");
  show(true);
  expect(pushed).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(pushed).toHaveBeenCalledTimes(1));
  history.back();
  await vi.waitFor(() => expect(closed).toBe(1));
});
