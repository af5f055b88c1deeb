// Tests of the foot of the desktop layout: speed, limit, what is left, free space; against the fake core.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import { asked, find, forgetSettings, get, open, press, rowOf, show, textOf, type } from "../test/window.ts";
import { FakeCore } from "../test/core.ts";
import { makeRow } from "../test/values.ts";

afterEach(forgetSettings);

const panel = async (): Promise<void> => {
  await fireEvent.click(get("limit-chip"));
  await waitFor(() => get("speed-panel"));
};
const limits = (core: FakeCore): unknown[] =>
  asked(core, "change_settings").map((args) => (args["settings"] as FakeCore["settings"]).limit);

describe("the foot", () => {
  it("says what is left and the free space, and no numbers of downloads", async () => {
    await open(
      [1, { total: 900_000_000, received: 100_000_000 }],
      [2, { phase: "queued", total: 140_000_000 }],
    );
    expect(textOf("work-left")).toBe("940 MB left");
    await waitFor(() => expect(textOf("free-space")).toBe("212 GB free"));
    expect(get("free-space").dataset["tooltip"]).toContain("~/Downloads");
    expect(document.querySelector("footer")?.textContent).not.toContain("queued");
  });

  it("does not pretend to know what is left while a length is unknown, or how much is free", async () => {
    const core = new FakeCore([makeRow(1, { total: null }), makeRow(2, { total: 5_000, received: 0 })]);
    core.answers.set("free_space", () => null);
    await show(core);
    expect(textOf("work-left")).toBe("more than 5.00 kB left");
    await waitFor(() => expect(asked(core, "free_space")).not.toEqual([]));
    expect(find("free-space")).toBeNull();
  });
});

describe("the time left", () => {
  it("of the only download is the same in the foot, its row and its details", async () => {
    const core = await open([1, { total: 2_000_000_000, received: 0, speed: 5_000_000, eta: 400 }]);
    core.tick();
    await waitFor(() => expect(textOf("work-left")).toBe("2.00 GB left, about 7 min"));
    expect(document.querySelector("[data-column=eta]")?.textContent.replace(/\s/g, "")).toBe("7m");
    await fireEvent.dblClick(rowOf(1));
    await waitFor(() => expect(textOf("details")).toContain("7 min left"));
  });
});

describe("the limit", () => {
  it("is set by a preset and by the slider, and the chip shows the one in force", async () => {
    const core = await open([1]);
    await waitFor(() => expect(textOf("limit-chip")).toContain("No limit"));
    await panel();
    await press("speed-preset-2000000");
    await waitFor(() => expect(limits(core)).toEqual([2_000_000]));
    await waitFor(() => expect(textOf("limit-chip")).toContain("2 MB/s"));
    expect(get("speed-slider").getAttribute("aria-valuetext")).toBe("2 MB/s");
    get("speed-slider").focus();
    await type("ArrowRight");
    await waitFor(() => expect(limits(core)).toEqual([2_000_000, 3_000_000]));
    await press("speed-preset-none");
    await waitFor(() => expect(limits(core)).toHaveLength(3));
    expect(limits(core)[2]).toBeNull();
    await fireEvent.click(get("speed-slow"));
    await waitFor(() => expect(core.settings.slow).toBe(true));
    await waitFor(() => expect(get("limit-chip").getAttribute("aria-label")).toMatch(/kB\/s/));
  });

  it("stays as it was when the core refuses", async () => {
    const core = await open([1]);
    core.answers.set("change_settings", () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw { code: "system", problem: null, message: "disk full" };
    });
    await panel();
    await press("speed-preset-500000");
    await waitFor(() => expect(textOf("toast")).toContain("disk full"));
    expect(textOf("limit-chip")).toContain("No limit");
  });
});
