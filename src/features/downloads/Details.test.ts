// The details of one download and of several, over the fake core.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LimitedBy } from "../../lib/api.ts";
import { limitedText } from "../../lib/labels.ts";
import type { FakeCore } from "../../test/core.ts";
import { makeActive, makeRow } from "../../test/values.ts";
import { asked, find, forgetSettings, get, open, press, rowOf, textOf } from "../../test/window.ts";

let core: FakeCore;

beforeEach(() => {
  forgetSettings();
  sessionStorage.clear();
});
afterEach(() => {
  vi.useRealTimers();
  Reflect.deleteProperty(navigator, "clipboard");
});

const spoken = (id: string): string => (get(id).getAttribute("aria-valuetext") ?? "").replace(/\u00a0/g, " ");

describe("what limits the speed", () => {
  it("is said under the speed, and not once it is unknown", async () => {
    core = await open([1, { limitedBy: { by: "server-connections", allows: 4 }, speed: 9 }]);
    await fireEvent.dblClick(rowOf(1));
    expect(textOf("limited-by")).toContain("allows 4 connections");
    core.change(1, { limitedBy: null });
    core.tick();
    await waitFor(() => expect(find("limited-by")).toBeNull());
  });

  it("has its own words for each cause", () => {
    const causes: LimitedBy["by"][] = [
      "own-limit",
      "total-limit",
      "slow-mode",
      "disk",
      "server",
      "network",
      "waiting",
    ];
    const words = causes.map((by) => limitedText({ by } as LimitedBy, 500_000));
    expect(new Set(words).size).toBe(causes.length);
    expect(words[0]).toContain("500");
    expect(limitedText({ by: "server-connections", allows: 1 }, null)).toContain("1 connection)");
  });
});

describe("the segments", () => {
  it("show the numbers of each connection to the arrow keys", async () => {
    core = await open([1, { total: 1_000, received: 400, connections: 2 }]);
    const active = [
      makeActive(0, 100, 500, { speed: 2_000 }),
      makeActive(500, 600, 1_000, { state: "held" }),
    ];
    core.maps.set(1, {
      total: 1_000,
      done: [],
      active,
      hostAllows: 2,
      hostAllowsUntil: new Date(2999, 0, 2, 14, 5).getTime(),
    });
    await fireEvent.dblClick(rowOf(1));
    await waitFor(() => get("segment-map"));
    await fireEvent.keyDown(get("segment-map"), { key: "ArrowRight" });
    expect(spoken("segment-map")).toBe("Connection 1: 0 B to 500 B, 2.00 kB/s");
    await fireEvent.keyDown(get("segment-map"), { key: "ArrowRight" });
    expect(textOf("segment-words")).toContain("Connection 2: 500 B to 1.00 kB");
    await fireEvent.keyDown(get("segment-map"), { key: "Escape" });
    expect(find("segment-words")).toBeNull();
    expect(get("details")).not.toBeNull();
    const rows = [...document.querySelectorAll<HTMLElement>("[data-testid=connection]")];
    expect(rows.map((row) => row.dataset["state"])).toEqual(["receiving", "held"]);
    expect(textOf("connections")).toContain("2 of 16");
    expect(textOf("connection-facts")).toBe(
      "Server allows 2 connections until Jan 2, 2999 · 203.0.113.7:443 · HTTP/1.1",
    );
  });

  it("name the server of each connection where they differ", async () => {
    core = await open([1, { total: 1_000, received: 400, connections: 2 }]);
    const other = makeActive(500, 600, 1_000, { remote: "203.0.113.8:443", http: "HTTP/2" });
    core.maps.set(1, {
      total: 1_000,
      done: [],
      active: [makeActive(0, 1, 500), other],
      hostAllows: null,
      hostAllowsUntil: null,
    });
    await fireEvent.dblClick(rowOf(1));
    await waitFor(() => expect(textOf("connections")).toContain("203.0.113.8:443 · HTTP/2"));
    expect(find("connection-facts")).toBeNull();
  });
});

describe("the speed", () => {
  const course = {
    every: 1,
    runs: [
      { from: 0, to: 3_000, speeds: [1_000, 3_000, 2_000], last: 1 },
      { from: 60_000, to: 61_000, speeds: [6_000], last: 1 },
    ],
    marks: [{ at: 3_000, what: "paused" as const }],
  };

  it("comes from the core, with its pauses as gaps, its marks, average and peak", async () => {
    core = await open([1, { limit: 5_000 }]);
    core.histories.set(1, course);
    await fireEvent.dblClick(rowOf(1));
    await waitFor(() => get("speed-section"));
    expect(document.querySelectorAll(".chart .line")).toHaveLength(2);
    expect(document.querySelectorAll(".chart .limit")).toHaveLength(1);
    expect(get("chart-mark").dataset["tooltip"]).toContain("Paused");
    expect(textOf("speed-facts")).toMatch(/Average 3.00 kB\/s.*Peak 6.00 kB\/s/);
    const chart = document.querySelector(".chart [role=slider]");
    if (chart === null) throw new Error("no chart");
    await fireEvent.keyDown(chart, { key: "ArrowLeft" });
    expect(textOf("chart-value")).toContain("6.00 kB/s");
    await fireEvent.keyDown(chart, { key: "Home" });
    expect(textOf("chart-value")).toContain("1.00 kB/s");
    await fireEvent.keyDown(chart, { key: "Escape" });
    expect(find("chart-value")).toBeNull();
  });

  it("draws nothing before there is a point, and asks no more once the details are closed", async () => {
    core = await open([1]);
    vi.useFakeTimers();
    await fireEvent.dblClick(rowOf(1));
    await vi.advanceTimersByTimeAsync(2_100);
    expect(find("speed-section")).toBeNull();
    const before = asked(core, "speed_history").length;
    expect(before).toBeGreaterThanOrEqual(3);
    await press("details-close");
    await vi.advanceTimersByTimeAsync(3_000);
    expect(asked(core, "speed_history")).toHaveLength(before);
  });
});

describe("the log", () => {
  it("hides what is below the chosen level, and is copied as it is shown", async () => {
    const writeText = vi.fn(() => Promise.resolve());
    Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
    core = await open([1]);
    await fireEvent.dblClick(rowOf(1));
    await waitFor(() => expect(core.watches.has(1)).toBe(true));
    const lines = [
      { at: 1_000, level: "info" as const, text: "connected" },
      { at: 2_000, level: "warn" as const, text: "slow down" },
    ];
    core.log(1, { dropped: 0, lines });
    await press("tab-log");
    expect(document.querySelectorAll("[data-testid=log-line]")).toHaveLength(2);
    await press("log-level-warn");
    expect(textOf("log-line")).toContain("slow down");
    await press("log-copy");
    await waitFor(() => expect(writeText).toHaveBeenCalledWith("1970-01-01T00:00:02.000Z warn slow down"));
  });
});

describe("the facts and the note of a failure", () => {
  it("open the folder, and the link in the browser", async () => {
    core = await open([1, { phase: "failed", problem: { code: "not-found", host: "a.example" } }]);
    await fireEvent.dblClick(rowOf(1));
    await press("folder-open");
    expect(asked(core, "reveal")).toEqual([{ id: 1 }]);
    await press("problem-open-link");
    expect(asked(core, "open_link")).toEqual([{ id: 1 }]);
  });
});

describe("several that are selected", () => {
  it("have their sums and common actions", async () => {
    core = await open(
      [1, { total: 1_000, received: 250, speed: 5 }],
      [2, { total: 3_000, received: 750, phase: "paused" }],
    );
    await fireEvent.dblClick(rowOf(1));
    await fireEvent.click(rowOf(1));
    await fireEvent.click(rowOf(2), { ctrlKey: true });
    await waitFor(() => get("details-many"));
    expect(textOf("details-many")).toContain("2 downloads selected");
    expect(textOf("many-size")).toContain("1.00 kB of 4.00 kB");
    await press("many-pause");
    expect(asked(core, "pause")).toEqual([{ id: 1 }]);
    await press("many-resume");
    expect(asked(core, "resume")).toEqual([{ id: 2 }]);
  });

  it("make no share where a length is unknown", async () => {
    core = await open([1, { total: null, received: 250 }], [2, makeRow(2)]);
    await fireEvent.dblClick(rowOf(1));
    await fireEvent.click(rowOf(1));
    await fireEvent.click(rowOf(2), { ctrlKey: true });
    await waitFor(() => get("details-many"));
    expect(textOf("details-many")).toContain("–");
  });
});
