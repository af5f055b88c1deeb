// Tests of the command palette, of the toolbar's field and of the search for shortcuts; against the fake core.
import { fireEvent, waitFor } from "@testing-library/svelte";
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

afterEach(forgetSettings);

const palette = async (text: string, by = { ctrlKey: true }): Promise<void> => {
  await type("k", by);
  await waitFor(() => get("palette-input"));
  await fireEvent.input(get("palette-input"), { target: { value: text } });
};
const paste = (element: Element, text: string): Promise<boolean> => {
  const event = new Event("paste", { bubbles: true, cancelable: true });
  return fireEvent(element, Object.assign(event, { clipboardData: { getData: () => text } }));
};

describe("the command palette", () => {
  it("has no actions of downloads without a selection, and closes by Escape", async () => {
    await open([1]);
    await palette("pause");
    expect(find("palette-pauseAll")).not.toBeNull();
    expect(find("palette-selected-pause")).toBeNull();
    await type("Escape");
    await waitFor(() => expect(find("palette")).toBeNull());
  });

  it("has the actions for the selection, and runs one", async () => {
    const core = await open([1], [2]);
    await fireEvent.click(rowOf(2));
    await palette("pause");
    await fireEvent.click(get("palette-selected-pause"));
    await waitFor(() => expect(asked(core, "pause")).toEqual([{ id: 2 }]));
    expect(find("palette")).toBeNull();
    expect(document.activeElement).toBe(get("list"));
  });

  it("runs what is highlighted by Enter, also by the Command key of a Mac", async () => {
    const core = await open([1]);
    await palette("pause all", { metaKey: true } as never);
    await waitFor(() => expect(get("palette-pauseAll").dataset).toHaveProperty("selected"));
    expect(textOf("palette-pauseAll")).toContain("P");
    await type("Enter");
    await waitFor(() => expect(asked(core, "pause_all")).toHaveLength(1));
  });

  it("jumps to a download by its name, also when a filter hides it", async () => {
    await open([1, { name: "harbour map.tiff" }], [2, { name: "song.flac", phase: "done" }]);
    await press("filter-done");
    expect(rows()).toEqual(["2"]);
    await palette("map harb");
    await fireEvent.click(get("palette-download-1"));
    await waitFor(() => expect(chosen()).toEqual(["1"]));
    expect(get("details").dataset["id"]).toBe("1");
  });

  it("leads to a page of the settings, and says when there is nothing", async () => {
    await open([1]);
    await palette("settings network");
    await fireEvent.click(get("palette-settings-network"));
    await waitFor(() => get("settings"));
    await type("Escape");
    await waitFor(() => expect(find("settings")).toBeNull());
    await palette("no such thing");
    await waitFor(() => expect(textOf("palette-none")).toContain("no such thing"));
  });
});

describe("the field of the toolbar", () => {
  it("takes a pasted or typed link as a download, and anything else as a search", async () => {
    await open([1, { name: "one.zip" }], [2, { name: "two.zip" }]);
    await paste(get("search"), "https://a.example/file.iso");
    await waitFor(() => expect(get("add-url")).toHaveProperty("value", "https://a.example/file.iso"));
    await type("Escape");
    await waitFor(() => expect(find("add-url")).toBeNull());
    await fireEvent.input(get("search"), { target: { value: "one" } });
    expect(rows()).toEqual(["1"]);
    await fireEvent.keyDown(get("search"), { key: "Enter" });
    expect(find("add-url")).toBeNull();
    await fireEvent.input(get("search"), { target: { value: "https://b.example/x" } });
    await fireEvent.keyDown(get("search"), { key: "Enter" });
    await waitFor(() => expect(get("add-url")).toHaveProperty("value", "https://b.example/x"));
    expect(get("search")).toHaveProperty("value", "");
  });
});

it("shortcuts are found by what they do and by their keys", async () => {
  await open([1]);
  await type("?", { shiftKey: true });
  await waitFor(() => get("shortcuts-search"));
  await fireEvent.input(get("shortcuts-search"), { target: { value: "ctrl+k" } });
  expect(textOf("shortcuts")).toContain("Command palette");
  expect(document.querySelectorAll("[data-testid=shortcuts] dt")).toHaveLength(1);
  await fireEvent.input(get("shortcuts-search"), { target: { value: "resume" } });
  expect(textOf("shortcuts")).toContain("Resume all");
  expect(textOf("shortcuts")).not.toContain("Command palette");
});
