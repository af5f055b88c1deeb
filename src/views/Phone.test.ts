// Tests of the phone layout, against the fake core.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FakeCore } from "../test/core.ts";
import {
  asked,
  asPhone,
  chosen,
  find,
  get,
  open,
  phoneCore,
  press,
  rowOf,
  rows,
  show,
  textOf,
} from "../test/window.ts";

let core: FakeCore;
const wide = window.matchMedia.bind(window);

beforeEach(asPhone);
afterEach(() => {
  window.matchMedia = wide;
});

async function hold(id: number): Promise<void> {
  vi.useFakeTimers();
  await fireEvent.pointerDown(rowOf(id), { button: 0, pointerType: "touch" });
  await vi.advanceTimersByTimeAsync(600);
  vi.useRealTimers();
  await fireEvent.pointerUp(window);
  await fireEvent.click(rowOf(id));
}
const goBack = (): Promise<unknown> => {
  const gone = new Promise((done) => window.addEventListener("popstate", done, { once: true }));
  history.back();
  return gone;
};

describe("a long press", () => {
  it("begins a selection, taps go on with it, and the bar acts on it", async () => {
    core = await open([1], [2], [3]);
    await hold(3);
    expect(chosen()).toEqual(["3"]);
    expect(find("details")).toBeNull();
    await fireEvent.click(rowOf(1));
    expect(chosen()).toEqual(["3", "1"]);
    expect(find("add-open")).toBeNull();
    await press("selected-pause");
    await waitFor(() => expect(asked(core, "pause").map((args) => args["id"])).toEqual([3, 1]));
    expect(find("selected-pause")).toBeNull();
  });

  it("is none when the finger moves on", async () => {
    await open([1]);
    vi.useFakeTimers();
    await fireEvent.pointerDown(rowOf(1), { button: 0, pointerType: "touch", clientX: 0, clientY: 0 });
    await fireEvent.pointerMove(window, { clientX: 0, clientY: 30 });
    await vi.advanceTimersByTimeAsync(600);
    expect(find("select-end")).toBeNull();
  });
});

describe("the way back", () => {
  it("closes what lies on top first: the menu, then the details", async () => {
    await open([1]);
    await fireEvent.click(rowOf(1));
    await press("details-more");
    await waitFor(() => get("menu-pause"));
    await goBack();
    await waitFor(() => expect(find("menu-pause")).toBeNull());
    expect(find("details")).not.toBeNull();
    await goBack();
    await waitFor(() => expect(find("details")).toBeNull());
  });

  it("ends the search before the selection that was made in it", async () => {
    await open([1, { name: "one.zip" }], [2, { name: "two.zip" }]);
    await press("search-open");
    await fireEvent.input(get("search"), { target: { value: "one" } });
    await hold(1);
    await goBack();
    await waitFor(() => expect(rows()).toEqual(["2", "1"]));
    expect(chosen()).toEqual(["1"]);
    await goBack();
    await waitFor(() => expect(find("select-end")).toBeNull());
  });

  it("ends a selection", async () => {
    await open([1]);
    await hold(1);
    await goBack();
    await waitFor(() => expect(find("select-end")).toBeNull());
    expect(chosen()).toEqual([]);
  });
});

describe("the bars", () => {
  it("show the list by status, the finished ones, and what concerns all", async () => {
    core = await open([1, { phase: "done" }], [2], [3, { phase: "failed" }]);
    expect(textOf("filter-failed")).toContain("1");
    expect(find("filter-paused")).toBeNull();
    await press("filter-failed");
    expect(rows()).toEqual(["3"]);
    await press("filter-done");
    expect(rows()).toEqual(["1"]);
    expect(get("filter-done").getAttribute("aria-current")).toBe("page");
    expect(find("filter-failed")).toBeNull();
    await press("nav-downloads");
    expect(rows()).toEqual(["3", "2", "1"]);
    await press("views-open");
    await waitFor(() => get("pause-all"));
    await press("pause-all");
    await waitFor(() => expect(asked(core, "pause_all")).toHaveLength(1));
  });

  it("lead to the search, and out of it again", async () => {
    await open([1, { name: "one.zip" }], [2, { name: "two.zip" }]);
    await press("search-open");
    await fireEvent.input(get("search"), { target: { value: "one" } });
    expect(rows()).toEqual(["1"]);
    expect(get("search-open").getAttribute("aria-current")).toBe("page");
    await press("nav-downloads");
    expect(find("search")).toBeNull();
    expect(rows()).toEqual(["2", "1"]);
  });

  it("have the speed, which opens its limit", async () => {
    core = await open([1, { total: 2_000_000, received: 1_000_000, speed: 3 }]);
    expect(textOf("speed-open")).toContain("1.00 MB left");
    await press("speed-open");
    await waitFor(() => get("speed-panel"));
    await press("speed-preset-1000000");
    await waitFor(() => expect(core.settings.limit).toBe(1_000_000));
  });
});

describe("a row", () => {
  const line = (id: number): string =>
    (rowOf(id).querySelector("[data-testid=row-line]")?.textContent ?? "").replace(/\s+/g, " ").trim();

  it("says what matters in its state", async () => {
    await open(
      [1, { total: 320_000_000, received: 18_940_000, speed: 1_940_000, eta: 154 }],
      [2, { phase: "paused", total: 64_000_000, received: 21_400_000 }],
      [3, { phase: "done", total: 42_000_000, received: 42_000_000 }],
      [4, { phase: "failed", problem: { code: "not-found", host: "a.example" }, fix: "new-link" }],
      [5, { phase: "queued", place: 2 }],
    );
    expect(line(1)).toBe("↓ 1.94 MB/s · 18.9 / 320 MB 3m");
    expect(line(2)).toBe("Paused · 21.4 / 64.0 MB");
    expect(line(3)).toBe("42.0 MB");
    expect(line(5)).toMatch(/3/);
    expect(rowOf(4).querySelector("[data-testid=problem]")?.textContent).toContain("a.example");
    expect(rowOf(4).textContent).not.toContain("Failed");
    expect(rowOf(4).querySelectorAll("button")).toHaveLength(1);
    expect(rowOf(4).querySelector("[data-testid=row-fix]")).not.toBeNull();
  });

  it("is not selected by a tap", async () => {
    await open([1]);
    await fireEvent.click(rowOf(1));
    expect(chosen()).toEqual([]);
    expect(find("details")).not.toBeNull();
  });
});

describe("a swipe", () => {
  const swipe = async (id: number, by: number, down = 0): Promise<void> => {
    await fireEvent.pointerDown(rowOf(id), { button: 0, pointerType: "touch", clientX: 200, clientY: 0 });
    for (const part of [0.3, 0.6, 1]) {
      await fireEvent.pointerMove(window, { clientX: 200 + by * part, clientY: down * part });
    }
    await fireEvent.pointerUp(window);
    await fireEvent.click(rowOf(id));
  };

  it("from the start pauses and resumes, and opens nothing", async () => {
    core = await open([1]);
    await swipe(1, 120);
    await waitFor(() => expect(asked(core, "pause")).toEqual([{ id: 1 }]));
    core.tick();
    await waitFor(() => expect(rowOf(1).dataset["state"]).toBe("paused"));
    await swipe(1, 120);
    await waitFor(() => expect(asked(core, "resume")).toEqual([{ id: 1 }]));
    expect(find("details")).toBeNull();
  });

  it("from the end removes, keeps a finished file, and can be undone", async () => {
    core = await open([1, { phase: "done" }], [2]);
    await swipe(1, -120);
    await waitFor(() => expect(asked(core, "remove_many")).toEqual([{ ids: [1], leftover: "keep" }]));
    await waitFor(() => get("toast-action"));
    await press("toast-action");
    await waitFor(() => expect(asked(core, "undo_remove")).toEqual([{ ids: [1] }]));
  });

  it("does nothing when it is short, when it scrolls, and where there is nothing to do", async () => {
    core = await open([1], [2, { phase: "done" }]);
    await swipe(1, 60);
    await swipe(1, 100, 200);
    await swipe(2, 200);
    expect(asked(core, "pause")).toEqual([]);
    expect(asked(core, "remove_many")).toEqual([]);
    expect(rowOf(1).querySelector(".under")).toBeNull();
  });
});

it("the details are a sheet over the list, which is out of reach meanwhile", async () => {
  await open([1, { name: "one.zip" }]);
  await fireEvent.click(rowOf(1));
  expect(textOf("details")).toContain("one.zip");
  expect(get("list").closest<HTMLElement>(".window")?.inert).toBe(true);
  await press("details-close");
  await waitFor(() => expect(find("details")).toBeNull());
});

describe("one download alone over networks that do not count", () => {
  it("is asked for when it is added, and in its options", async () => {
    core = await show(phoneCore("android", [1]));
    await press("add-open");
    await waitFor(() => get("add-url"));
    await fireEvent.input(get("add-url"), { target: { value: "https://a.example/big.iso" } });
    await press("add-more");
    await fireEvent.click(get("add-unmetered"));
    await press("add-start");
    const options = { unmeteredOnly: true };
    await waitFor(() => expect(asked(core, "download")[0]).toMatchObject({ options }));

    await fireEvent.click(rowOf(1));
    await press("tab-options");
    expect(get("option-unmetered")).toHaveProperty("checked", false);
    await fireEvent.click(get("option-unmetered"));
    const changes = [{ field: "unmeteredOnly", value: true }];
    await waitFor(() => expect(asked(core, "set_options")).toEqual([{ ids: [1], changes }]));
    core.tick();
    await waitFor(() => expect(get("option-unmetered")).toHaveProperty("checked", true));
    expect(find("mark-unmetered")).not.toBeNull();
  });

  it("is not offered where nobody says which networks count", async () => {
    core = await open([1]);
    await fireEvent.click(rowOf(1));
    await press("tab-options");
    expect(find("option-unmetered")).toBeNull();
  });
});
