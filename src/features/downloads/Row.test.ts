import { cleanup, render, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Phase, Row as RowData } from "../../lib/api.ts";
import { phaseLabels } from "../../lib/labels.ts";
import { FakeCore } from "../../test/core.ts";
import { makeParts } from "../../test/parts.ts";
import { makeRow } from "../../test/values.ts";
import PhoneRow from "./PhoneRow.svelte";
import Row from "./Row.svelte";

let core: FakeCore;
let given: ReturnType<typeof makeParts>;

beforeEach(() => {
  core = new FakeCore();
  given = makeParts();
});

function show(row: RowData, phone = false): HTMLElement {
  render(phone ? PhoneRow : Row, {
    props: { row, index: 0, selected: false, cursor: false },
    context: given.context,
  });
  return document.querySelector<HTMLElement>("[data-testid=download-row]") ?? document.body;
}
/** Shows non-breaking spaces as plain ones. */
const text = (element: Element | null): string => (element?.textContent ?? "").replace(/\u00a0/g, " ");
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
      expect(text(row)).toContain(phaseLabels[phase]());
      const all = ["row-pause", "row-resume", "row-retry", "row-open"];
      expect(all.filter((id) => one(row, id) !== null).sort()).toEqual([...buttons[phase]].sort());
      expect(one(row, "row-remove")?.tagName).toBe("BUTTON");
      expect(text(row)).toContain(phase === "done" ? "1.00 MB" : "25%");
    },
  );

  it("shows speed, time left and connections while bytes flow", () => {
    const said = text(show(makeRow(1, { speed: 12_400_000, eta: 75, connections: 3 })));
    expect(said).toContain("12.4 MB/s");
    expect(said).toContain("1m 15s");
    expect(said).toContain("3 connections");
  });

  it("of unknown length has an empty total and no percent", () => {
    const row = show(makeRow(1, { total: null, received: 5_000 }));
    expect(row.dataset["total"]).toBe("");
    expect(text(row)).toContain("5.00 kB");
    expect(text(row)).not.toContain("%");
    expect(row.querySelector("[role=progressbar]")?.hasAttribute("aria-valuenow")).toBe(false);
  });

  it("that failed says why, what was kept, and offers the fix beside another try", () => {
    const problem = { code: "not-found", host: "a.example" } as const;
    const row = show(makeRow(1, { phase: "failed", problem, fix: "new-link", received: 5_000 }));
    expect(text(one(row, "problem"))).toContain(
      "File not found on a.example (404). 5.00 kB downloaded so far is kept.",
    );
    press(row, "row-fix");
    expect(given.parts.dialogs.current).toMatchObject({ kind: "link", row: { id: 1 } });
    press(row, "row-retry");
    expect(core.calls.map((call) => call.cmd)).toEqual(["retry"]);
  });

  it("that failed leaves its fix to the note of its open details", async () => {
    const problem = { code: "not-found", host: "a.example" } as const;
    const row = show(makeRow(1, { phase: "failed", problem, fix: "new-link" }));
    given.parts.details.id = 1;
    await waitFor(() => expect(one(row, "row-fix")).toBeNull());
    expect(one(row, "row-retry")).not.toBeNull();
    given.parts.details.tab = "log";
    await waitFor(() => expect(one(row, "row-fix")).not.toBeNull());
  });

  it("whose fix is another try has one button for it, in the fix's words", () => {
    const problem = { code: "changed", host: "a.example" } as const;
    const row = show(makeRow(1, { phase: "failed", problem, fix: "start-over" }));
    expect(one(row, "row-retry")?.textContent).toContain("Restart");
    expect(one(row, "row-fix")).toBeNull();
  });

  it("that waits names the problem and counts down", () => {
    const problem = { code: "stalled", host: "a.example" } as const;
    const row = show(makeRow(1, { phase: "waiting", problem, waitUntil: Date.now() + 90_500 }));
    expect(one(row, "problem")?.textContent).toMatch(
      /Retrying in 1 min 3[01] sec: a\.example stopped sending data\./,
    );
  });

  it("asks what shall become of a file before it removes it", () => {
    const row = show(makeRow(1, { phase: "done" }));
    press(row, "row-remove");
    expect(given.parts.dialogs.current).toMatchObject({ kind: "remove" });
    expect(core.calls).toEqual([]);
  });

  it("that waits by the person's own rules says for what", () => {
    expect(text(show(makeRow(1, { phase: "queued", waitsFor: "unmetered" })))).toContain(
      "Waiting for an unmetered network",
    );
  });

  it("carries marks for its priority and its limit, until it is done", () => {
    const set = { priority: "high", limit: 2_000_000 } as const;
    const marks = (row: HTMLElement): (string | null)[] =>
      [...row.querySelectorAll("[role=img]")].map((mark) => mark.getAttribute("aria-label"));
    expect(marks(show(makeRow(1, set))).map((mark) => mark?.replace(/\u00a0/g, " "))).toEqual([
      "High priority",
      "Limited to 2.00 MB/s",
    ]);
    cleanup();
    expect(marks(show(makeRow(1, { ...set, phase: "done" })))).toEqual([]);
  });

  it("on a phone keeps speed, amount and time left, and one button", () => {
    const row = show(makeRow(1, { received: 250_000, speed: 5_000, eta: 150, connections: 1 }), true);
    expect(text(row)).toContain("5.00 kB/s · 0.25 / 1.00 MB");
    expect(text(row)).toContain("3m");
    expect(row.querySelectorAll("button")).toHaveLength(1);
  });

  it.each([false, true])("draws a solid bar and asks for no segments (phone: %s)", async (phone) => {
    show(makeRow(1, { connections: 8, received: 250_000 }), phone);
    vi.useFakeTimers();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(core.calls).toEqual([]);
    expect(document.querySelectorAll("[role=progressbar]")).toHaveLength(1);
  });
});
