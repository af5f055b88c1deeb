// Tests of what reaches the window from outside while a user works with it (settings, news and links), against the fake
// core.
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
    expect(textOf("slow")).toContain("256 kB/s");
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
    await waitFor(() => expect(textOf("said")).toBe("one.zip is finished"));
    expect(get("said").getAttribute("aria-live")).toBe("polite");
    core.change(2, { phase: "failed", problem: { code: "not-found", host: "a.example" }, fix: "new-link" });
    await waitFor(() => expect(core.tick()).toBe(true));
    await waitFor(() => expect(textOf("said")).toBe("two.zip has failed: a.example has no such file (404)"));
  });

  it("a core that does not answer is said, and no longer once it does", async () => {
    vi.useFakeTimers();
    core = await open([1]);
    core.answers.set("attach", () => new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(8_000);
    expect(textOf("lost")).toContain("do not answer");
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

describe("links from elsewhere", () => {
  const data = (text: string): object => ({
    getData: (type: string) => (type === "text/plain" ? text : ""),
    types: ["text/plain"],
  });
  const link = "https://a.example/1";

  it("pasted on the window open the add dialog with them; other text does nothing", async () => {
    await open([1]);
    await fireEvent.paste(document.body, { clipboardData: data("some text") });
    expect(find("add-url")).toBeNull();
    await fireEvent.paste(document.body, { clipboardData: data(link) });
    await waitFor(() => expect(get("add-url")).toHaveProperty("value", link));
  });

  it("sent by another program open the add dialog, and no server is asked before a press or an edit", async () => {
    const core = await open([1]);
    core.tell({ add: [{ url: link, name: null, headers: [] }] });
    core.tick();
    await waitFor(() => expect(get("look").dataset["state"]).toBe("unasked"));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(asked(core, "look")).toEqual([]);
    await fireEvent.input(get("add-url"), { target: { value: `${link}?edited` } });
    await waitFor(() => expect(asked(core, "look")).toHaveLength(1));
  });

  it("bring along what the app that opened them says, which the person sees and can change", async () => {
    const core = await open([1]);
    const headers: [string, string][] = [
      ["Referer", "https://b.example/"],
      ["Cookie", "a=1"],
    ];
    core.tell({ add: [{ url: link, name: "one.zip", headers }] });
    core.tick();
    await waitFor(() => expect(get("add-url")).toHaveProperty("value", link));
    expect(get("add-name")).toHaveProperty("value", "one.zip");
    expect(get("add-curl").textContent).toContain("sends along: Cookies, Referrer");
    // Names and headers are filled in once: editing the link does not restore them.
    await press("add-more");
    await fireEvent.input(get("add-cookies"), { target: { value: "" } });
    await fireEvent.input(get("add-url"), { target: { value: `${link}?edited` } });
    await fireEvent.click(get("add-start"));
    await waitFor(() => expect(asked(core, "download")).toHaveLength(1));
    expect(asked(core, "download")[0]).toMatchObject({
      url: `${link}?edited`,
      options: { name: "one.zip", headers: [["Referer", "https://b.example/"]] },
    });
  });

  it("that are asked for without one open the dialog with the clipboard's, once the phone gives it", async () => {
    const core = await open([1]);
    let asks = 0;
    core.answers.set("clipboard", () => {
      asks += 1;
      return asks < 3 ? "" : link;
    });
    core.tell({ add: [] });
    core.tick();
    await waitFor(() => expect(get("add-url")).toHaveProperty("value", link), { timeout: 3_000 });
    expect(asked(core, "look")).toEqual([]);
  });

  it("dragged over it are offered a place, and dropped they are added", async () => {
    await open([1]);
    await fireEvent.dragOver(document.body, { dataTransfer: data(link) });
    expect(document.body.textContent).toContain("Drop links here");
    await fireEvent.drop(document.body, { dataTransfer: data(link) });
    await waitFor(() => expect(get("add-url")).toHaveProperty("value", link));
    expect(document.body.textContent).not.toContain("Drop links here");
  });
});
