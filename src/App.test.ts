// Tests of the whole window as a user works with it, against the fake core.
import { fireEvent, render, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import App from "./App.svelte";
import { loadLateViews } from "./features/downloads/late-views.svelte.ts";
import { FakeCore } from "./test/core.ts";
import { makeRow } from "./test/values.ts";

let core: FakeCore;

const find = (id: string): HTMLElement | null => document.querySelector<HTMLElement>(`[data-testid=${id}]`);
const get = (id: string): HTMLElement => {
  const element = find(id);
  if (element === null) throw new Error(`nothing on the screen is called ${id}`);
  return element;
};
const rows = (): (string | undefined)[] =>
  [...document.querySelectorAll<HTMLElement>("[data-testid=download-row]")].map((row) => row.dataset["id"]);
const asked = (cmd: string): Record<string, unknown>[] =>
  core.calls.filter((call) => call.cmd === cmd).map((call) => call.args);

async function start(...given: Parameters<typeof makeRow>[]): Promise<void> {
  core = new FakeCore(given.map((row) => makeRow(...row)));
  render(App);
  await waitFor(() => expect(asked("ack")).not.toEqual([]));
}

const press = async (id: string): Promise<void> => {
  await fireEvent.click(get(id));
  await tick();
};

// Compiled before the first test: loading it lazily would exceed the short timeout of `waitFor`.
beforeAll(() => Promise.all([import("./views/Dialogs.svelte"), loadLateViews()]));

describe("an empty list", () => {
  beforeEach(() => start());

  it("has one sentence and one button, which opens the add dialog", async () => {
    await fireEvent.click(get("empty-state").querySelector("button") ?? document.body);
    await waitFor(() => get("add-url"));
    expect(get("total-speed").textContent).toBe("0\u00a0B/s");
  });

  it("shows links from elsewhere, adds none by itself, and waits for another dialog's end", async () => {
    const field = (): HTMLTextAreaElement => get("add-url") as HTMLTextAreaElement;
    await fireEvent.click(get("add-open"));
    await waitFor(field);
    await fireEvent.input(field(), { target: { value: "https://mine.example/a" } });
    core.tell({ add: [{ url: "https://theirs.example/b", name: null, headers: [] }] });
    core.tick();
    await waitFor(() => expect(asked("ack").length).toBeGreaterThan(1));
    expect(field().value).toBe("https://mine.example/a");
    await fireEvent.keyDown(document.activeElement ?? document.body, { key: "Escape" });
    await waitFor(() => expect(field().value).toBe("https://theirs.example/b"));
    expect(asked("download")).toEqual([]);
  });
});

describe("the list", () => {
  it("opens the details of a row by a double click, with its events and log", async () => {
    await start([1], [2, { name: "two.zip" }]);
    const row = document.querySelector("[data-testid=download-row][data-id='2']") ?? document.body;
    await fireEvent.dblClick(row);
    await waitFor(() => expect(core.watches.has(2)).toBe(true));
    core.event(2, { event: "paused", data: { downloadId: 2 } });
    core.event(2, { event: "progress", data: { downloadId: 2, chunkLength: 262_144 } });
    core.log(2, { dropped: 3, lines: [{ at: 0, level: "warn", text: "slow down" }] });
    await tick();
    expect(get("details").textContent).toContain("two.zip");
    await press("tab-log");
    expect(get("event-line").dataset["event"]).toBe("paused");
    expect(get("details").textContent).not.toContain("262,144");
    expect(get("log-line").textContent).toContain("slow down");
    expect(get("log-dropped").textContent).toContain("3 earlier lines not shown");
    await press("details-close");
    expect(find("details")).toBeNull();
    expect(core.watches.size).toBe(0);
  });

  it("says in the details of a finished file what proved it", async () => {
    localStorage.setItem("millrace.details", "true");
    localStorage.setItem("millrace.open", "1");
    await start([1, { phase: "done", verdict: { by: "checksum", algorithm: "sha-256", digest: "0a1b" } }]);
    await waitFor(() => expect(get("verdict").textContent).toContain("SHA-256 matches your checksum"));
    expect(get("digest").textContent).toContain("0a1b");
  });

  it("shows the same details again after a reload", async () => {
    localStorage.setItem("millrace.details", "true");
    localStorage.setItem("millrace.open", "1");
    await start([1, { name: "one.zip" }]);
    await waitFor(() => expect(get("details").dataset["id"]).toBe("1"));
    expect(core.watches.has(1)).toBe(true);
  });

  it("takes up the details again when its own channel had to be replaced", async () => {
    localStorage.setItem("millrace.details", "true");
    localStorage.setItem("millrace.open", "1");
    await start([1]);
    await waitFor(() => expect(asked("watch")).toHaveLength(1));
    core.session = undefined;
    document.dispatchEvent(new Event("visibilitychange"));
    await waitFor(() => expect(asked("attach")).toHaveLength(2));
    await waitFor(() => expect(asked("watch")).toHaveLength(2));
  });

  it("is worked by the keyboard", async () => {
    await start([1, { phase: "paused" }], [2], [3]);
    const grid = document.querySelector("[role=grid]") ?? document.body;
    await fireEvent.keyDown(grid, { key: "ArrowDown" });
    await fireEvent.keyDown(grid, { key: "ArrowDown", shiftKey: true });
    await fireEvent.keyDown(grid, { key: " " });
    expect(asked("pause").map((args) => args["id"])).toEqual([3, 2]);
    await fireEvent.keyDown(grid, { key: "End" });
    await fireEvent.keyDown(grid, { key: " " });
    expect(asked("resume")).toEqual([{ id: 1 }]);
    await fireEvent.keyDown(grid, { key: "Delete" });
    await waitFor(() => expect(asked("remove_many")).toEqual([{ ids: [1], leftover: "keep" }]));
  });

  it("filters by the person's choice", async () => {
    await start([1, { phase: "done" }], [2], [3, { phase: "failed" }]);
    await press("filter-failed");
    expect(rows()).toEqual(["3"]);
    await press("filter-queued");
    expect(rows()).toEqual([]);
    expect(get("empty-part").textContent).toContain("The queue is empty.");
    await press("show-all");
    expect(rows()).toEqual(["3", "2", "1"]);
  });
});

describe("toasts", () => {
  it("tell of completions with a way to open the file, and of refused commands", async () => {
    await start([1, { name: "one.zip" }]);
    core.change(1, { phase: "done", received: 1_000_000 });
    core.tick();
    const toast = await waitFor(() => get("toast"));
    expect(toast.textContent).toContain("one.zip");
    core.answers.set("open_file", () =>
      Promise.reject(Object.assign(new Error(), { code: "no-such-file", problem: null })),
    );
    await press("row-open");
    await waitFor(() => expect(document.body.textContent).toContain("The file isn’t where it was saved"));
  });
});
