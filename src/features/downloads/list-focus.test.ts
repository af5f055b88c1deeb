// Where the focus goes back to.
import { tick } from "svelte";
import { beforeEach, expect, it, vi } from "vitest";
import { Dialogs } from "./dialogs.svelte.ts";
import { ListFocus } from "./list-focus.ts";

let dialogs: Dialogs;
let listFocus: ListFocus;

beforeEach(() => {
  dialogs = new Dialogs();
  listFocus = new ListFocus(dialogs);
  (document.activeElement as HTMLElement | null)?.blur();
});

it("goes to the view that is mounted, and nowhere without one", async () => {
  const list = vi.fn();
  listFocus.restore();
  const unmounted = listFocus.register(list);
  await tick();
  // The first view takes no focus by itself.
  expect(list).not.toHaveBeenCalled();
  listFocus.restore();
  expect(list).toHaveBeenCalledTimes(1);
  unmounted();
  listFocus.restore();
  expect(list).toHaveBeenCalledTimes(1);
});

it("goes on to the view that replaces a focused one, whatever is unmounted later", async () => {
  const list = vi.fn();
  const empty = vi.fn();
  const unmounted = listFocus.register(list);
  listFocus.register(empty);
  unmounted();
  await tick();
  expect(empty).toHaveBeenCalledTimes(1);
  listFocus.restore();
  expect(empty).toHaveBeenCalledTimes(2);
  expect(list).not.toHaveBeenCalled();
});

it("stays in an open dialog", async () => {
  const empty = vi.fn();
  listFocus.register(vi.fn());
  dialogs.open({ kind: "settings" });
  listFocus.register(empty);
  await tick();
  expect(empty).not.toHaveBeenCalled();
});
