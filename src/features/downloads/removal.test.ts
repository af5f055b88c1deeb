// Removal: what is asked, what stays selected, and the way back.
import { beforeEach, expect, it, vi } from "vitest";
import type { Row } from "../../lib/api.ts";
import { Announcer } from "../../lib/announcer.svelte.ts";
import { FailureReporter } from "../../lib/failure-reporter.ts";
import { LastPress } from "../../lib/last-press.ts";
import { ListQuery } from "../../lib/list-query.svelte.ts";
import { Selection } from "../../lib/selection.svelte.ts";
import { Toasts } from "../../lib/toasts.svelte.ts";
import { FakeCore } from "../../test/core.ts";
import { makeRow } from "../../test/values.ts";
import { DetailsPane } from "./details-pane.svelte.ts";
import { Dialogs } from "./dialogs.svelte.ts";
import { ListFocus } from "./list-focus.ts";
import { Removal } from "./removal.ts";
import { UndoStack } from "./undo-stack.ts";

const done = makeRow(1, { phase: "done" });
const rows: readonly Row[] = [makeRow(3), makeRow(2), done];
let core: FakeCore;
let toasts: Toasts;
let dialogs: Dialogs;
let selection: Selection;
let details: DetailsPane;
let undo: UndoStack;
let removal: Removal;
let press: LastPress;
const focused = vi.fn();
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const asked = (): unknown[] => core.calls.filter(({ cmd }) => /remove/.test(cmd));

beforeEach(() => {
  core = new FakeCore(rows);
  toasts = new Toasts();
  const announcer = new Announcer();
  const failures = new FailureReporter(toasts, announcer);
  dialogs = new Dialogs();
  selection = new Selection(() => rows);
  details = new DetailsPane(() => rows, selection, failures);
  undo = new UndoStack(toasts, announcer);
  const listFocus = new ListFocus(dialogs);
  listFocus.register(focused);
  focused.mockClear();
  const query = new ListQuery(() => rows);
  press = new LastPress();
  removal = new Removal({ query, selection, details, dialogs, listFocus, press, undo, failures });
});

it("asks first where a file is involved", () => {
  removal.ask(rows);
  expect(dialogs.current).toEqual({ kind: "remove", rows });
  expect(asked()).toEqual([]);
});

it("of the unfinished is done at once: the next row is selected, the list has the focus", async () => {
  selection.selectOnly(3);
  selection.tapSelects = true;
  details.open(3);
  removal.ask(rows.slice(0, 1));
  expect([...selection.ids]).toEqual([2]);
  expect(selection.tapSelects).toBe(false);
  expect(details.id).toBeUndefined();
  expect(focused).toHaveBeenCalledTimes(1);
  await settled();
  expect(asked()).toEqual([{ cmd: "remove_many", args: { ids: [3], leftover: "keep" } }]);
});

it("of all rows leaves none selected; other details stay open", async () => {
  details.open(9);
  selection.selectAll([3, 2, 1]);
  removal.remove(rows, "trash");
  expect(selection.ids.size).toBe(0);
  expect(details.id).toBe(9);
  await settled();
  expect(asked()).toEqual([{ cmd: "remove_many", args: { ids: [3, 2, 1], leftover: "trash" } }]);
});

it("can be undone once the core has taken it", async () => {
  removal.remove(rows.slice(0, 2), "keep");
  undo.undo();
  expect(asked()).toHaveLength(1);
  await settled();
  undo.undo();
  await settled();
  expect(asked()[1]).toEqual({ cmd: "undo_remove", args: { ids: [3, 2] } });
  expect([...selection.ids]).toEqual([3]);
  expect(focused).toHaveBeenCalledTimes(2);
});

it("that the core refuses is reported and offers no way back", async () => {
  core.answers.set("remove_many", () => Promise.reject(new Error("no")));
  removal.remove(rows, "keep");
  await settled();
  expect(toasts.all.map(({ tone }) => tone)).toEqual(["error"]);
  undo.undo();
  expect(asked()).toHaveLength(1);
});

it("by a pointer selects nothing, and the second half of a double click removes nothing", async () => {
  const stop = press.start();
  const pressAt = (clientX: number, wait: number): void => {
    const event = new PointerEvent("pointerdown", { clientX, clientY: 8 });
    Object.defineProperty(event, "timeStamp", { value: (time += wait) });
    dispatchEvent(event);
  };
  let time = 1_000;
  pressAt(40, 0);
  removal.ask(rows.slice(0, 1));
  expect(selection.ids.size).toBe(0);
  pressAt(42, 200);
  removal.ask(rows.slice(1, 2));
  await settled();
  expect(asked()).toHaveLength(1);
  pressAt(42, 500);
  removal.ask(rows.slice(1, 2));
  pressAt(90, 100);
  removal.ask([done]);
  await settled();
  expect(asked()).toHaveLength(2);
  expect(dialogs.current).toBeDefined();
  dispatchEvent(new KeyboardEvent("keydown", { key: "Delete" }));
  removal.remove(rows.slice(0, 1), "keep");
  expect([...selection.ids]).toEqual([2]);
  stop();
});

it("is undone each for itself: the first message brings back the first download", async () => {
  removal.remove(rows.slice(0, 1), "keep");
  await settled();
  removal.remove(rows.slice(1, 2), "keep");
  await settled();
  toasts.all[0]?.action?.run();
  await settled();
  expect(asked().at(-1)).toEqual({ cmd: "undo_remove", args: { ids: [3] } });
  undo.undo();
  await settled();
  expect(asked().at(-1)).toEqual({ cmd: "undo_remove", args: { ids: [2] } });
});
