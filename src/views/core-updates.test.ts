// Tests of what the core tells the window while a user works with it: settings, changed and lost downloads, a clicked
// notification. Against the fake core.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { FakeCore } from "../test/core.ts";
import { makeSettings } from "../test/values.ts";
import { asked, find, forgetSettings, get, open, press, rowOf, rows, textOf } from "../test/window.ts";

let core: FakeCore;
const grid = (): HTMLElement => get("list");

afterEach(forgetSettings);

describe("the settings", () => {
  it("slow mode is a switch that the core remembers", async () => {
    core = await open([1]);
    await waitFor(() => expect(get("slow")).toHaveProperty("disabled", false));
    await press("slow");
    await waitFor(() => expect(get("slow").getAttribute("aria-checked")).toBe("true"));
    expect(asked(core, "change_settings")[0]?.["settings"]).toMatchObject({ slow: true });
    expect(textOf("limit-chip")).toContain("256 kB/s");
  });

  it("changed elsewhere give the window their theme and language", async () => {
    core = await open([1, { phase: "done" }]);
    core.tell({ settings: makeSettings({ theme: "dark", language: "de" }) });
    core.tick();
    await waitFor(() => expect(document.documentElement.dataset["theme"]).toBe("dark"));
    expect(document.documentElement.lang).toBe("de");
    expect(rowOf(1).textContent).toContain("Fertig");
    expect(textOf("add-open")).toContain("Hinzufügen");
  });
});

describe("what happens meanwhile", () => {
  it("is announced: what is finished, and what has failed and why", async () => {
    core = await open([1, { name: "one.zip" }], [2, { name: "two.zip" }]);
    core.change(1, { phase: "done", received: 1_000_000 });
    core.tick();
    await waitFor(() => expect(textOf("said")).toBe("one.zip finished downloading"));
    for (const region of get("said").children) expect(region.getAttribute("aria-live")).toBe("polite");
    core.change(2, { phase: "failed", problem: { code: "not-found", host: "a.example" }, fix: "new-link" });
    await waitFor(() => expect(core.tick()).toBe(true));
    await waitFor(() => expect(textOf("said")).toBe("two.zip failed: File not found on a.example (404)"));
  });

  it("a core that does not answer is said, and no longer once it does", async () => {
    vi.useFakeTimers();
    core = await open([1]);
    core.answers.set("attach", () => new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(8_000);
    expect(textOf("lost")).toContain("Reconnecting…");
    expect(rows()).toEqual(["1"]);
    core.answers.delete("attach");
    await vi.advanceTimersByTimeAsync(4_000);
    expect(find("lost")).toBeNull();
  });

  it("a notification that was clicked opens its download, whatever is filtered", async () => {
    core = await open([1, { name: "one.zip" }], [2]);
    await press("filter-failed");
    core.tell({ open: 1 });
    core.tick();
    await waitFor(() => expect(get("details").dataset["id"]).toBe("1"));
    expect(rows()).toEqual(["2", "1"]);
  });

  it("a row that leaves takes no focus with it", async () => {
    core = await open([1], [2]);
    await fireEvent.click(rowOf(2));
    rowOf(2).querySelector<HTMLElement>("[data-testid=row-pause]")?.focus();
    core.drop(2);
    core.tick();
    await waitFor(() => expect(rows()).toEqual(["1"]));
    await tick();
    expect(document.activeElement).toBe(grid());
  });
});
