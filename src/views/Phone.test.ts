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

  it("ends a selection", async () => {
    await open([1]);
    await hold(1);
    await goBack();
    await waitFor(() => expect(find("select-end")).toBeNull());
    expect(chosen()).toEqual([]);
  });
});

describe("the bar at the bottom", () => {
  it("shows parts of the list, and leads to all of them and to what concerns all", async () => {
    core = await open([1, { phase: "done" }], [2], [3, { phase: "failed" }]);
    await press("filter-done");
    expect(rows()).toEqual(["1"]);
    expect(get("views-open").textContent).toContain("1 failed");
    await press("views-open");
    await waitFor(() => get("filter-failed"));
    await press("filter-failed");
    await waitFor(() => expect(rows()).toEqual(["3"]));
    await press("views-open");
    await waitFor(() => get("pause-all"));
    await press("pause-all");
    await waitFor(() => expect(asked(core, "pause_all")).toHaveLength(1));
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
    await waitFor(() => expect(asked(core, "set_unmetered_only")).toEqual([{ id: 1, only: true }]));
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
