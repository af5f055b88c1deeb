// Tests of the hints on a phone in a window over the fake core.
import { waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FakeCore } from "../../test/core.ts";
import { makeRow } from "../../test/values.ts";
import { asked, asPhone, find, get, open, phoneCore, press, show, textOf } from "../../test/window.ts";

const wide = window.matchMedia.bind(window);
beforeEach(() => {
  localStorage.clear();
  asPhone();
});
afterEach(() => {
  window.matchMedia = wide;
});

/** The user returns to the window. */
const comeBack = (): boolean => document.dispatchEvent(new Event("visibilitychange"));
const looked = (core: FakeCore, times: number): Promise<void> =>
  waitFor(() => expect(asked(core, "work_ended")).toHaveLength(times));

describe("leave to show notices", () => {
  it("is asked for once there is a download, with the reason, and by the person's own tap", async () => {
    const core = phoneCore("android");
    core.phone.consent = "notAsked";
    await show(core);
    await looked(core, 1);
    expect(find("hint-notices")).toBeNull();
    core.put(makeRow(1));
    core.tick();
    await waitFor(() => get("hint-notices"));
    expect(textOf("hint-notices")).toContain("while using other apps");
    expect(asked(core, "ask_for_notices")).toEqual([]);
    await press("hint-ask");
    await waitFor(() => expect(find("hint-notices")).toBeNull());
    expect(asked(core, "ask_for_notices")).toHaveLength(1);
  });

  it("is never asked for again where the person has put the question away", async () => {
    const core = phoneCore("android", [1]);
    core.phone.consent = "notAsked";
    await show(core);
    await waitFor(() => get("hint-notices"));
    await press("hint-away");
    expect(find("hint-notices")).toBeNull();
    comeBack();
    await looked(core, 2);
    expect(find("hint-notices")).toBeNull();
    expect(asked(core, "ask_for_notices")).toEqual([]);
  });

  it.each(["given", "refused"] as const)("is not asked for when it is %s", async (consent) => {
    const core = phoneCore("ios", [1]);
    core.phone.consent = consent;
    await show(core);
    await looked(core, 1);
    expect(find("hint-notices")).toBeNull();
  });

  it("is no matter on a desktop", async () => {
    const core = await open([1]);
    await waitFor(() => expect(asked(core, "platform")).not.toEqual([]));
    comeBack();
    expect(asked(core, "notices_consent")).toEqual([]);
  });
});

describe("work that the system has ended", () => {
  it("is told when the person comes back, with the way to the battery settings, until it is put away", async () => {
    const core = phoneCore("android", [1]);
    await show(core);
    await looked(core, 1);
    expect(find("hint-ended")).toBeNull();
    core.phone.ended = true;
    comeBack();
    await waitFor(() => get("hint-ended"));
    expect(textOf("hint-ended")).toContain("Nothing was lost");
    await press("hint-battery");
    await waitFor(() => expect(asked(core, "battery_settings")).toHaveLength(1));
    await press("hint-away");
    comeBack();
    await looked(core, 3);
    expect(find("hint-ended")).toBeNull();
  });

  it("leads to no settings on iOS, which has none", async () => {
    const core = phoneCore("ios", [1]);
    core.phone.ended = true;
    await show(core);
    await waitFor(() => get("hint-ended"));
    expect(find("hint-battery")).toBeNull();
  });

  it("comes before the question about notices, which waits for its turn", async () => {
    const core = phoneCore("android", [1]);
    core.phone = { consent: "notAsked", ended: true };
    await show(core);
    await waitFor(() => get("hint-ended"));
    expect(find("hint-notices")).toBeNull();
    await press("hint-away");
    await waitFor(() => get("hint-notices"));
  });
});
