// Tests of the desktop layout by keyboard and pointer, against the fake core.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Row } from "../lib/api.ts";
import { FakeCore } from "../test/core.ts";
import { makeActive, makeRow } from "../test/values.ts";
import {
  asked,
  chosen,
  find,
  forgetSettings,
  get,
  open,
  press,
  rowOf,
  rows,
  show,
  textOf,
  type,
} from "../test/window.ts";

let core: FakeCore;
const grid = (): HTMLElement => get("list");

async function showDetails(id: number): Promise<void> {
  await fireEvent.click(rowOf(id));
  await type("i", { ctrlKey: true });
}

afterEach(forgetSettings);

describe("the selection", () => {
  beforeEach(async () => {
    core = await open([1], [2], [3], [4]);
    grid().focus();
  });

  it("is made by click, Ctrl and Shift, as in every list", async () => {
    await fireEvent.click(rowOf(4));
    await fireEvent.click(rowOf(2), { ctrlKey: true });
    expect(chosen()).toEqual(["4", "2"]);
    await fireEvent.click(rowOf(1), { shiftKey: true });
    expect(chosen()).toEqual(["2", "1"]);
    await fireEvent.click(rowOf(1), { ctrlKey: true });
    expect(chosen()).toEqual(["2"]);
  });

  it("is made by the keyboard, and Escape gives it up", async () => {
    await type("ArrowDown");
    await type("ArrowDown", { shiftKey: true });
    expect(chosen()).toEqual(["4", "3"]);
    await type("a", { ctrlKey: true });
    expect(chosen()).toHaveLength(4);
    await type("Escape");
    expect(chosen()).toEqual([]);
    expect(document.activeElement).toBe(grid());
  });

  it("is told to those who cannot see it", async () => {
    await type("End");
    expect(grid().getAttribute("aria-activedescendant")).toBe("row-1");
    expect(grid().getAttribute("aria-rowcount")).toBe("5");
    expect(rowOf(1).getAttribute("aria-rowindex")).toBe("5");
    expect(rowOf(1).getAttribute("aria-selected")).toBe("true");
    expect(grid().getAttribute("aria-multiselectable")).toBe("true");
  });
});

describe("the views", () => {
  it("count by state and by type, and show their part", async () => {
    await open(
      [1, { category: "video", phase: "done" }],
      [2, { category: "video" }],
      [3, { category: "document", phase: "failed" }],
    );
    expect(get("filter-failed").textContent).toContain("1");
    expect(textOf("category-video")).toContain("2");
    expect(find("category-audio")).toBeNull();
    await press("category-video");
    expect(rows()).toEqual(["2", "1"]);
    expect(get("category-video").getAttribute("aria-pressed")).toBe("true");
    expect(get("filter-all").getAttribute("aria-pressed")).toBe("false");
    await type("6", { ctrlKey: true });
    expect(rows()).toEqual(["1"]);
  });

  it("search says what was not found, and Escape empties it and goes back to the list", async () => {
    await open([1, { name: "one.zip" }]);
    await type("f", { ctrlKey: true });
    expect(document.activeElement).toBe(get("search"));
    await fireEvent.input(get("search"), { target: { value: "two" } });
    expect(textOf("empty-part")).toContain("No downloads match “two”.");
    await type("Escape");
    expect(rows()).toEqual(["1"]);
  });

  it("are narrow or wide as the person says, also the next time", async () => {
    await open([1]);
    expect(get("sidebar-turn").getAttribute("aria-expanded")).toBe("true");
    await type("b", { ctrlKey: true });
    expect(get("sidebar-turn").getAttribute("aria-expanded")).toBe("false");
    expect(localStorage.getItem("millrace.sidebar")).toBe("narrow");
    // The labels are still there for screen readers.
    expect(textOf("filter-done")).toContain("Done");
  });

  it("are sorted by a heading, and turned round by the same", async () => {
    await open([1, { name: "b" }], [2, { name: "a" }], [3, { name: "c" }]);
    await press("head-name");
    expect(rows()).toEqual(["2", "1", "3"]);
    const heading = get("head-name").closest("[role=columnheader]");
    expect(heading?.getAttribute("aria-sort")).toBe("ascending");
    await press("head-name");
    expect(rows()).toEqual(["3", "1", "2"]);
    expect(heading?.getAttribute("aria-sort")).toBe("descending");
  });
});

describe("removing", () => {
  it("an unfinished one is done at once, can be undone, and leaves the keyboard on the next row", async () => {
    core = await open([1], [2], [3]);
    grid().focus();
    await type("ArrowDown");
    await type("ArrowDown");
    await type("Delete");
    await waitFor(() => expect(asked(core, "remove_many")).toEqual([{ ids: [2], leftover: "keep" }]));
    core.tick();
    await waitFor(() => expect(rows()).toEqual(["3", "1"]));
    expect(chosen()).toEqual(["1"]);
    expect(document.activeElement).toBe(grid());
    expect(textOf("said")).toContain("Removed “2.zip”");

    await type("z", { ctrlKey: true });
    await waitFor(() => expect(asked(core, "undo_remove")).toEqual([{ ids: [2] }]));
    await waitFor(() => expect(core.tick()).toBe(true));
    await waitFor(() => expect(rows()).toEqual(["3", "2", "1"]));
    expect(chosen()).toEqual(["2"]);
    expect(find("toast")).toBeNull();
  });

  it("is offered back by the message too, and no longer once that is gone", async () => {
    core = await open([1]);
    vi.useFakeTimers();
    await press("row-remove");
    await vi.advanceTimersByTimeAsync(100);
    expect(textOf("toast-action").trim()).toBe("Undo");
    await vi.advanceTimersByTimeAsync(10_000);
    await type("z", { ctrlKey: true });
    expect(asked(core, "undo_remove")).toEqual([]);
  });

  it.each([
    ["remove-keep", "keep"],
    ["remove-trash", "trash"],
  ])("a finished one asks first: %s tells the core to %s", async (button, leftover) => {
    core = await open([1, { phase: "done" }]);
    await press("row-remove");
    await waitFor(() => get(button));
    expect(asked(core, "remove_many")).toEqual([]);
    await press(button);
    expect(asked(core, "remove_many")).toEqual([{ ids: [1], leftover }]);
    core.tick();
    await waitFor(() => get("empty-state"));
  });

  it.each(["remove-cancel", "Escape"])("is called off by %s", async (way) => {
    core = await open([1, { phase: "done" }]);
    await press("row-remove");
    await waitFor(() => expect(textOf("remove-trash").trim()).toBe("Move to Trash"));
    if (way === "Escape") await type(way);
    else await press(way);
    await waitFor(() => expect(document.querySelector(".modal")).toBeNull());
    expect(asked(core, "remove_many")).toEqual([]);
  });

  it.each([
    [{ os: "macos" }, "Move to Trash", "or move it to the Trash?", "or move them to the Trash?"],
    [
      { os: "windows" },
      "Move to Recycle Bin",
      "or move it to the Recycle Bin?",
      "or move them to the Recycle Bin?",
    ],
    [{ os: "android", trash: false }, "Delete from device", "or delete it?", "or delete them?"],
  ] as const)("names where files go on %o", async (platform, button, one, many) => {
    const done = { phase: "done", name: "one.zip" } as const;
    core = new FakeCore([makeRow(1, done), makeRow(2, done)]);
    core.platform = { ...core.platform, ...platform };
    await show(core);
    await press("row-remove");
    await waitFor(() => expect(textOf("remove-trash").trim()).toBe(button));
    expect(document.querySelector(".modal-title")?.textContent).toBe("Remove “one.zip”?");
    expect(document.querySelector(".modal")?.textContent).toContain(one);
    await press("remove-cancel");
    grid().focus();
    await type("a", { ctrlKey: true });
    await type("Delete");
    await waitFor(() => expect(document.querySelector(".modal")?.textContent).toContain(many));
  });

  it("says how much of the unfinished ones is deleted with the finished", async () => {
    await open([1, { phase: "done" }], [2, { received: 5_000 }]);
    grid().focus();
    await type("a", { ctrlKey: true });
    await type("Delete");
    await waitFor(() => get("remove-trash"));
    expect(document.body.textContent.replace(/\u00a0/g, " ")).toContain(
      "The unfinished download (5.00 kB so far) will be deleted.",
    );
  });
});

describe("the queue", () => {
  const queued = (place: number): Partial<Row> => ({ phase: "queued", place });

  it("is changed by Alt and the arrows, whatever the list is sorted by", async () => {
    core = await open([1, queued(0)], [2, queued(1)], [3, queued(2)]);
    await fireEvent.click(rowOf(3));
    await type("ArrowUp", { altKey: true });
    await waitFor(() => expect(asked(core, "move_to")).toEqual([{ id: 3, place: { at: "before", id: 2 } }]));
    await type("Home", { altKey: true });
    await waitFor(() => expect(asked(core, "move_to")).toHaveLength(2));
    expect(asked(core, "move_to")[1]).toEqual({ id: 3, place: { at: "first" } });
  });

  it("announces the place of what was moved, as the core reports it", async () => {
    core = await open([1, queued(0)], [2, queued(1)], [3, { ...queued(2), name: "three.zip" }]);
    await fireEvent.click(rowOf(3));
    await type("ArrowUp", { altKey: true });
    await waitFor(() => expect(asked(core, "move_to")).toHaveLength(1));
    core.tick();
    await waitFor(() => expect(textOf("said")).toBe("three.zip is now #2 in the queue"));
    // It goes up by itself, too, which is not said.
    core.change(3, { place: 0 });
    core.tick();
    expect(textOf("said")).toBe("three.zip is now #2 in the queue");
  });

  it("is shown in its order, and takes what is dragged", async () => {
    core = await open([1, queued(0)], [2, queued(1)], [3, queued(2)], [4]);
    await type("s", { ctrlKey: true });
    await waitFor(() => get("sort-queue"));
    await fireEvent.click(get("sort-queue"));
    await waitFor(() => expect(rows()).toEqual(["4", "1", "2", "3"]));
    expect(rowOf(3).querySelector(".kind")?.getAttribute("data-tooltip")).toBe("Drag to change the order");
    const under = vi.fn(() => rowOf(1));
    Object.assign(document, { elementFromPoint: under });
    await fireEvent.pointerDown(rowOf(3), { button: 0, pointerType: "mouse", clientY: 200 });
    await fireEvent.pointerMove(window, { clientY: -10 });
    expect(rowOf(1).classList.contains("before")).toBe(true);
    await fireEvent.pointerUp(window);
    await waitFor(() => expect(asked(core, "move_to")).toEqual([{ id: 3, place: { at: "before", id: 1 } }]));
    core.tick();
    await waitFor(() => expect(rows()).toEqual(["4", "3", "1", "2"]));
  });

  it("priority goes up and down by keys", async () => {
    core = await open([1]);
    await fireEvent.click(rowOf(1));
    await type("ArrowUp", { ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(asked(core, "set_priority")).toEqual([{ id: 1, priority: "high" }]));
    core.tick();
    await waitFor(() => get("mark-priority"));
  });
});

describe("the menu of a row", () => {
  it.each([
    ["Shift+F10", { key: "F10", shiftKey: true }],
    ["the menu key", { key: "ContextMenu" }],
  ])("comes by %s on the row that the keyboard is on", async (_, init) => {
    core = await open([1], [2]);
    grid().focus();
    await type("ArrowDown");
    await fireEvent.keyDown(grid(), init);
    await waitFor(() => get("menu-pause"));
    expect(get("menu-pause").textContent).toContain("Space");
    await fireEvent.click(get("menu-pause"));
    await waitFor(() => expect(asked(core, "pause")).toEqual([{ id: 2 }]));
  });

  it("copies and edits the whole of a link of which the row has the beginning only", async () => {
    const link = `https://a.example/?signature=${"x".repeat(8000)}`;
    core = await open([1, { url: `${link.slice(0, 2499)}…`, phase: "failed" }]);
    core.links.set(1, link);
    const copied: string[] = [];
    const clipboard = { writeText: (text: string) => Promise.resolve(void copied.push(text)) };
    Object.defineProperty(navigator, "clipboard", { value: clipboard, configurable: true });
    await fireEvent.contextMenu(rowOf(1));
    await waitFor(() => get("menu-copy"));
    await fireEvent.click(get("menu-copy"));
    await waitFor(() => get("menu-copy-link"));
    await fireEvent.click(get("menu-copy-link"));
    await waitFor(() => expect(copied).toEqual([link]));
    Reflect.deleteProperty(navigator, "clipboard");
    await waitFor(() => expect(find("menu-copy")).toBeNull());
    await fireEvent.contextMenu(rowOf(1));
    await waitFor(() => get("menu-link"));
    await fireEvent.click(get("menu-link"));
    await waitFor(() => expect(get("link-url")).toHaveProperty("value", link));
    await press("link-save");
    await waitFor(() => expect(asked(core, "change_link")).toEqual([{ id: 1, url: link }]));
  });

  it("belongs to the row that was pressed", async () => {
    core = await open([1], [2]);
    await fireEvent.contextMenu(rowOf(1));
    await waitFor(() => get("menu-copy"));
    expect(chosen()).toEqual(["1"]);
  });
});

describe("the details", () => {
  it("have their pages, and set limit and connections while it runs", async () => {
    core = await open([1, { name: "one.zip" }]);
    await showDetails(1);
    expect(get("tab-overview").getAttribute("role")).toBe("tab");
    await press("tab-options");
    const set = (field: string, value: unknown): unknown => ({ ids: [1], changes: [{ field, value }] });
    await waitFor(() => get("option-limit"));
    await fireEvent.input(get("option-limit"), { target: { value: "2 MB" } });
    await fireEvent.change(get("option-limit"));
    await waitFor(() => expect(asked(core, "set_options")).toEqual([set("limit", 2_000_000)]));
    await fireEvent.input(get("option-connections"), { target: { value: "17" } });
    await fireEvent.change(get("option-connections"));
    expect(get("field-error").textContent).toContain("1 to 16");
    await fireEvent.input(get("option-connections"), { target: { value: "3" } });
    await fireEvent.change(get("option-connections"));
    await waitFor(() => expect(asked(core, "set_options").at(-1)).toEqual(set("connections", 3)));
    await fireEvent.click(get("option-priority-low"));
    await waitFor(() => expect(asked(core, "set_options").at(-1)).toEqual(set("priority", "low")));
    expect(asked(core, "set_options")).toHaveLength(3);
  });

  it("say beside the field what the core refused", async () => {
    core = await open([1]);
    core.answers.set("set_options", () =>
      Promise.reject(Object.assign(new Error(), { code: "not-now", problem: null })),
    );
    await showDetails(1);
    await press("tab-options");
    await fireEvent.input(get("option-limit"), { target: { value: "1 kB" } });
    await fireEvent.change(get("option-limit"));
    await waitFor(() => expect(textOf("field-error")).toContain("Not possible right now"));
  });

  it("pull the parts of the file once a second, and only while they are shown", async () => {
    core = await open([1, { total: 100, received: 40 }]);
    core.maps.set(1, {
      total: 100,
      done: [[0, 30]],
      active: [makeActive(50, 60, 100)],
      hostAllows: null,
      hostAllowsUntil: null,
    });
    vi.useFakeTimers();
    await showDetails(1);
    await vi.advanceTimersByTimeAsync(3_100);
    expect(asked(core, "segments").length).toBeGreaterThanOrEqual(4);
    expect(get("segment-map").getAttribute("aria-label")).toBe("40% downloaded, 1 segment active");
    await press("tab-log");
    const before = asked(core, "segments").length;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(asked(core, "segments")).toHaveLength(before);
  });

  it("close with Escape, and the keyboard is on the list again", async () => {
    await open([1]);
    await showDetails(1);
    await press("tab-options");
    get("option-limit").focus();
    await type("Escape");
    expect(find("details")).toBeNull();
    expect(document.activeElement).toBe(grid());
  });
});

describe("the sheet of shortcuts", () => {
  it.each(["F1", "?"])("comes by %s and names every one", async (key) => {
    await open([1]);
    await type(key);
    await waitFor(() => get("shortcuts"));
    for (const words of ["New download", "Undo remove", "Move up or down in the queue", "Slow mode"])
      expect(textOf("shortcuts")).toContain(words);
    await type("Escape");
    await waitFor(() => expect(find("shortcuts")).toBeNull());
  });
});
