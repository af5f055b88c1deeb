import { render } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { Phase, Row as RowData } from "../lib/api.ts";
import { phaseWords } from "../lib/words.ts";
import { FakeCore, makeRow } from "../test/core.ts";
import { Desk, key } from "./desk.svelte.ts";
import Row from "./Row.svelte";

let core: FakeCore;
let desk: Desk;

beforeEach(() => {
  core = new FakeCore();
  desk = new Desk();
});

function show(row: RowData): HTMLElement {
  render(Row, { props: { row, index: 0, selected: false, cursor: false }, context: new Map([[key, desk]]) });
  return document.querySelector<HTMLElement>("[data-testid=download-row]") ?? document.body;
}
const one = (row: HTMLElement, id: string): HTMLElement | null => row.querySelector(`[data-testid=${id}]`);
const press = (row: HTMLElement, id: string): void => one(row, id)?.click();

const buttons: Record<Phase, string[]> = {
  queued: ["row-pause"],
  probing: ["row-pause"],
  running: ["row-pause"],
  stopping: [],
  waiting: ["row-retry", "row-pause"],
  finishing: [],
  paused: ["row-resume"],
  failed: ["row-retry"],
  done: ["row-open"],
};

describe("a row", () => {
  it.each(Object.keys(buttons) as Phase[])(
    "that is %s carries its facts, its word and its buttons",
    (phase) => {
      const row = show(makeRow(7, { phase, received: 250_000, total: 1_000_000 }));
      expect(row.dataset).toMatchObject({ id: "7", state: phase, received: "250000", total: "1000000" });
      expect(row.textContent).toContain(phaseWords[phase]);
      const all = ["row-pause", "row-resume", "row-retry", "row-open"];
      expect(all.filter((id) => one(row, id) !== null).sort()).toEqual([...buttons[phase]].sort());
      expect(one(row, "row-remove")?.tagName).toBe("BUTTON");
      expect(row.textContent).toContain(phase === "done" ? "1.00 MB" : "25 %");
    },
  );

  it("shows speed, time left and connections while bytes flow", () => {
    const text = show(makeRow(1, { speed: 12_400_000, eta: 75, connections: 3 })).textContent;
    expect(text).toContain("12.4 MB/s");
    expect(text).toContain("1 min 15 s left");
    expect(text).toContain("3 connections");
  });

  it("of unknown length has an empty total and no percent", () => {
    const row = show(makeRow(1, { total: null, received: 5_000 }));
    expect(row.dataset["total"]).toBe("");
    expect(row.textContent).toContain("5.00 kB");
    expect(row.textContent).not.toContain("%");
    expect(row.querySelector("[role=progressbar]")?.hasAttribute("aria-valuenow")).toBe(false);
  });

  it("that failed says why, what was kept, and offers the fix beside another try", () => {
    const problem = { code: "not-found", host: "a.example" } as const;
    const row = show(makeRow(1, { phase: "failed", problem, fix: "new-link", received: 5_000 }));
    expect(one(row, "problem")?.textContent).toContain(
      "a.example has no such file (404). The 5.00 kB that came are kept.",
    );
    press(row, "row-fix");
    expect(desk.dialog).toMatchObject({ kind: "link", row: { id: 1 } });
    press(row, "row-retry");
    expect(core.calls.map((call) => call.cmd)).toEqual(["retry"]);
  });

  it("whose fix is another try has one button for it, in the fix's words", () => {
    const problem = { code: "changed", host: "a.example" } as const;
    const row = show(makeRow(1, { phase: "failed", problem, fix: "start-over" }));
    expect(one(row, "row-retry")?.textContent).toContain("Start over");
    expect(one(row, "row-fix")).toBeNull();
  });

  it("that waits names the problem and counts down", () => {
    const problem = { code: "stalled", host: "a.example" } as const;
    const row = show(makeRow(1, { phase: "waiting", problem, waitUntil: Date.now() + 90_500 }));
    expect(one(row, "problem")?.textContent).toMatch(
      /Trying again in 1 min 3[01] s: a.example stopped sending\./,
    );
  });

  it("asks before it removes", () => {
    const row = show(makeRow(1));
    press(row, "row-remove");
    expect(desk.dialog).toMatchObject({ kind: "remove" });
    expect(core.calls).toEqual([]);
  });
});
