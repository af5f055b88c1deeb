// Tests of the table, its columns, filters and the pane beside it, by keyboard and pointer, against the fake core.
import { cleanup, fireEvent, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
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
  textOf,
  type,
} from "../test/window.ts";

const headings = (): (string | undefined)[] =>
  [...document.querySelectorAll<HTMLElement>("[data-heading]")].map((heading) => heading.dataset["heading"]);
const cells = (id: number): (string | undefined)[] =>
  [...rowOf(id).querySelectorAll<HTMLElement>("[data-column]")].map((cell) => cell.dataset["column"]);
const first = ["name", "size", "progress", "speed", "eta", "added"];

async function columnMenu(heading: string): Promise<void> {
  get(`head-${heading}`).focus();
  await type("F10", { shiftKey: true });
  await waitFor(() => get("column-left"));
}
const choose = async (item: string): Promise<void> => {
  await fireEvent.click(get(item));
};

afterEach(forgetSettings);

describe("the table", () => {
  it("names its columns, and each row has a cell under each", async () => {
    await open([1], [2, { phase: "done" }]);
    expect(headings()).toEqual(first);
    expect(cells(1)).toEqual(first);
    expect(get("list").getAttribute("aria-colcount")).toBe("7");
    const heads = [...document.querySelectorAll("[role=columnheader]")];
    expect(heads.map((head) => head.getAttribute("aria-colindex"))).toEqual([
      "1",
      "2",
      "3",
      "4",
      "5",
      "6",
      "7",
    ]);
    expect(heads.map((head) => head.getAttribute("aria-sort")).filter(Boolean)).toEqual(["descending"]);
  });

  it("is sorted by two columns with Shift, of which one is the sorted one", async () => {
    await open([1, { name: "b", total: 5 }], [2, { name: "a", total: 9 }], [3, { name: "b", total: 7 }]);
    await press("head-name");
    expect(rows()).toEqual(["2", "3", "1"]);
    await fireEvent.click(get("head-size"), { shiftKey: true });
    expect(rows()).toEqual(["2", "3", "1"]);
    await fireEvent.click(get("head-size"), { shiftKey: true });
    expect(rows()).toEqual(["2", "1", "3"]);
    expect(document.querySelectorAll("[aria-sort]")).toHaveLength(1);
    expect(textOf("head-size")).toContain("second sort key");
  });

  it("is arranged by the menu of its head, by keyboard alone", async () => {
    await open([1]);
    get("head-name").focus();
    await type("ArrowRight");
    expect(document.activeElement).toBe(get("head-size"));
    await columnMenu("size");
    await choose("column-right");
    expect(headings()).toEqual(["name", "progress", "size", "speed", "eta", "added"]);
    await waitFor(() => expect(document.activeElement).toBe(get("head-size")));
    await columnMenu("size");
    await choose("column-wider");
    const frame = get("list").closest<HTMLElement>(".frame");
    expect(frame?.style.getPropertyValue("--columns")).toContain("180px 100px");
  });

  it("shows the columns that were chosen, also the next time, until they are reset", async () => {
    await open([1]);
    await columnMenu("added");
    await choose("column-show-host");
    await choose("column-show-speed");
    const now = ["name", "size", "progress", "eta", "added", "host"];
    await waitFor(() => expect(headings()).toEqual(now));
    expect(cells(1)).toEqual(now);
    cleanup();
    await open([1]);
    expect(headings()).toEqual(now);
    await columnMenu("eta");
    await choose("column-reset");
    await waitFor(() => expect(headings()).toEqual(first));
  });

  it("has its own menu, and the one of the rows does not come with it", async () => {
    await open([1]);
    await fireEvent.click(rowOf(1));
    await fireEvent.contextMenu(get("head-name"));
    await waitFor(() => get("column-hide"));
    expect(find("menu-copy")).toBeNull();
    expect(get("column-hide").getAttribute("aria-disabled")).toBe("true");
  });

  it("is compact with one line in a row, and the percent in the bar", async () => {
    await open([1, { received: 250_000, phase: "paused" }]);
    await type("s", { ctrlKey: true });
    await waitFor(() => get("view-compact"));
    await choose("view-compact");
    await waitFor(() => expect(rowOf(1).classList.contains("compact")).toBe(true));
    expect(rowOf(1).querySelector<HTMLElement>(".bar .words")?.dataset["words"]).toBe("25%");
    // Said where there is no second line.
    expect(rowOf(1).textContent).toContain("Paused");
    expect(rowOf(1).querySelector(".state")).toBeNull();
  });

  it("says why a download failed across the columns that have nothing to say", async () => {
    const problem = { code: "not-found", host: "a.example" } as const;
    await open([1, { phase: "failed", problem, fix: "new-link" }]);
    expect(cells(1)).toEqual(["name", "size", "progress", "added"]);
    const cell = rowOf(1).querySelector("[data-column=progress]");
    expect(cell?.getAttribute("aria-colspan")).toBe("3");
    expect(cell?.querySelector("[data-testid=row-fix]")).not.toBeNull();
    expect(rowOf(1).querySelectorAll("[data-testid=row-fix]")).toHaveLength(1);
  });

  it("groups what is finished by day, when it is sorted by that", async () => {
    const done = { phase: "done", finishedAt: Date.now() } as const;
    await open([1, { ...done, finishedAt: 1_000 }], [2, done], [3]);
    await type("s", { ctrlKey: true });
    await waitFor(() => get("view-group"));
    await choose("view-group");
    await waitFor(() => expect(rows()).toEqual(["2", "1", "3"]));
    expect(
      [textOf("group-today"), textOf("group-earlier"), textOf("group-unfinished")].map((one) => one.trim()),
    ).toEqual(["Today", "Earlier", "Not finished"]);
    // Headings are counted with the rows.
    expect(get("list").getAttribute("aria-rowcount")).toBe("7");
    expect([2, 1, 3].map((id) => rowOf(id).getAttribute("aria-rowindex"))).toEqual(["3", "5", "7"]);
    await press("head-name");
    expect(find("group-today")).toBeNull();
  });
});

describe("the filters", () => {
  it("combine status and type, count within each other, and are taken back by the same press", async () => {
    await open(
      [1, { category: "video", phase: "failed" }],
      [2, { category: "video" }],
      [3, { category: "audio", phase: "failed" }],
    );
    await press("filter-failed");
    await press("category-video");
    expect(rows()).toEqual(["1"]);
    expect(textOf("category-audio")).toContain("1");
    expect(textOf("filter-active")).toContain("1");
    expect(textOf("shown-count").trim()).toBe("1 of 3");
    await press("filter-failed");
    expect(rows()).toEqual(["2", "1"]);
    await press("filter-all");
    expect(rows()).toEqual(["3", "2", "1"]);
    expect(find("shown-count")).toBeNull();
  });

  it("are saved with the search under a name, and shown again by it", async () => {
    await open([1, { name: "a.zip", phase: "failed" }], [2, { name: "b.zip" }]);
    await fireEvent.input(get("search"), { target: { value: "ext:zip is:failed" } });
    expect(rows()).toEqual(["1"]);
    await press("view-save");
    await fireEvent.input(get("view-name"), { target: { value: "Broken" } });
    await press("view-keep");
    expect(textOf("saved-view").trim()).toBe("Broken");
    expect(find("view-save")).toBeNull();
    await press("strip-show-all");
    expect(rows()).toEqual(["2", "1"]);
    await press("saved-view");
    expect(get("search")).toHaveProperty("value", "ext:zip is:failed");
    expect(rows()).toEqual(["1"]);
    await press("saved-view-remove");
    expect(find("saved-view")).toBeNull();
  });
});

describe("the pane", () => {
  it("is a toggle: selecting shows nothing while it is hidden, and follows while it is shown", async () => {
    const core = await open([1], [2], [3]);
    await fireEvent.click(rowOf(2));
    expect(find("details")).toBeNull();
    expect(asked(core, "watch")).toEqual([]);
    await type("i", { ctrlKey: true });
    expect(get("details").dataset["id"]).toBe("2");
    get("list").focus();
    await type("ArrowDown");
    expect(get("details").dataset["id"]).toBe("1");
    await type("Delete");
    await waitFor(() => expect(asked(core, "remove_many")).toHaveLength(1));
    core.tick();
    await waitFor(() => expect(chosen()).toEqual(["2"]));
    expect(get("details").dataset["id"]).toBe("2");
    await type("i", { ctrlKey: true });
    expect(find("details")).toBeNull();
  });

  it("says that nothing is selected, and is as it was in the next window", async () => {
    await open([1]);
    await type("i", { ctrlKey: true });
    expect(get("details-none").textContent).toContain("Select a download");
    cleanup();
    await open([1]);
    get("details-none");
    await fireEvent.click(rowOf(1));
    expect(get("details").dataset["id"]).toBe("1");
    await press("tab-log");
    cleanup();
    await open([1]);
    expect(get("details").dataset["id"]).toBe("1");
    expect(get("tab-log").getAttribute("aria-selected")).toBe("true");
  });

  it.each(["Enter", "double click"])("comes by %s for what is not finished", async (way) => {
    await open([1]);
    get("list").focus();
    await type("Home");
    if (way === "Enter") await type("Enter");
    else await fireEvent.dblClick(rowOf(1));
    expect(get("details").dataset["id"]).toBe("1");
  });

  it("has an edge that the keys move, and that stays where it was put", async () => {
    await open([1]);
    await type("i", { ctrlKey: true });
    const size = (): string | null => get("pane-edge").getAttribute("aria-valuenow");
    // jsdom has no width, so the pane is below the list.
    expect(get("pane-edge").getAttribute("aria-orientation")).toBe("horizontal");
    get("pane-edge").focus();
    await type("ArrowUp");
    expect(size()).toBe("316");
    await type("Home");
    expect(size()).toBe("160");
    await type("ArrowDown");
    expect(size()).toBe("160");
    cleanup();
    await open([1]);
    expect(size()).toBe("160");
    await fireEvent.dblClick(get("pane-edge"));
    expect(size()).toBe("300");
  });
});

describe("the tags", () => {
  it("are given to the selected downloads by the menu, shown, and searched for", async () => {
    const core = await open([1, { tags: ["iso"] }], [2]);
    expect(rowOf(1).querySelector("[data-testid=tags]")?.textContent).toBe("iso");
    get("list").focus();
    await type("a", { ctrlKey: true });
    await fireEvent.contextMenu(rowOf(1));
    await waitFor(() => get("menu-tags"));
    await choose("menu-tags");
    await waitFor(() => get("tags-field"));
    // Only one of the two has it.
    expect(get("tags-field")).toHaveProperty("value", "");
    await fireEvent.input(get("tags-field"), { target: { value: "work, , later" } });
    await press("tags-save");
    await waitFor(() =>
      expect(asked(core, "set_tags")).toEqual([
        { ids: [2], tags: ["work", "later"] },
        { ids: [1], tags: ["iso", "work", "later"] },
      ]),
    );
    core.tick();
    await fireEvent.input(get("search"), { target: { value: "tag:iso" } });
    await waitFor(() => expect(rows()).toEqual(["1"]));
  });

  it("that the core would cut are said beside the field, and not sent", async () => {
    const core = await open([1]);
    await fireEvent.contextMenu(rowOf(1));
    await waitFor(() => get("menu-tags"));
    await choose("menu-tags");
    await waitFor(() => get("tags-field"));
    await fireEvent.input(get("tags-field"), { target: { value: "a,b,c,d,e,f,g" } });
    expect(textOf("field-error").trim()).toBe("Up to 6 tags, each up to 24 characters");
    await press("tags-save");
    expect(asked(core, "set_tags")).toEqual([]);
  });
});
