// Tests of what the add dialog checks before it adds: the same download in the list, the free space, the rules.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { Duplicate } from "../../lib/api.ts";
import { looked, openAdd, valueOf } from "../../test/add-dialog.ts";
import type { FakeCore } from "../../test/core.ts";
import { makeLook, makeRow } from "../../test/values.ts";
import { asked, find, forgetSettings, get, open, press, textOf } from "../../test/window.ts";

let core: FakeCore;

const options = (): Record<string, unknown> =>
  asked(core, "download")[0]?.["options"] as Record<string, unknown>;

beforeEach(async () => {
  forgetSettings();
  core = await open();
});

describe("the same again", () => {
  const same: Duplicate = {
    ...{ id: 7, by: "file", name: "x.zip", phase: "paused" },
    ...{ received: 31_000_000, copyName: "x (1).zip" },
  };

  async function meet(over: Partial<Duplicate> = {}): Promise<void> {
    core.answers.set("same", () => [{ ...same, ...over }]);
    await openAdd("https://b.example/x.zip");
    await looked("found");
    await press("add-start");
    await waitFor(() => get("same"));
    expect(asked(core, "download")).toEqual([]);
  }

  it("is asked about by link, name and folder", async () => {
    await meet();
    expect(asked(core, "same").at(-1)).toEqual({
      url: "https://b.example/x.zip",
      name: "x.zip",
      folder: "default",
    });
    expect(textOf("same")).toContain("This folder already has a download with this name.");
    expect(textOf("same-keep")).toContain("Saved as “x (1).zip”.");
    expect(textOf("same-replace")).toContain("Discards 31.0 MB and downloads again.");
  });

  it("can be kept beside the other", async () => {
    await meet();
    await press("same-keep");
    await waitFor(() => expect(asked(core, "download")).toHaveLength(1));
    await waitFor(() => expect(find("same")).toBeNull());
  });

  it("can take the other's place in one step, which can be undone", async () => {
    core.put(makeRow(7, { name: "x.zip", phase: "done" }));
    core.tick();
    await meet({ phase: "done" });
    expect(textOf("same-replace")).toContain(
      "Downloads it again, then moves the existing file to the Trash.",
    );
    await press("same-replace");
    await waitFor(() => expect(find("same")).toBeNull());
    expect(asked(core, "replace")).toMatchObject([{ id: 7, url: "https://b.example/x.zip" }]);
    expect(core.calls.filter(({ cmd }) => cmd.startsWith("remove") || cmd === "download")).toEqual([]);
    expect([...core.rows.keys()]).toEqual([8]);
    expect(textOf("toast")).toContain("Restarting x.zip from zero");
    await press("toast-action");
    await waitFor(() => expect(asked(core, "undo_remove")).toEqual([{ ids: [7] }]));
    await waitFor(() => expect([...core.rows.keys()]).toEqual([7]));
  });

  it("stays in the list, with what is typed, when the new one is refused", async () => {
    core.put(makeRow(7, { name: "x.zip", phase: "paused" }));
    core.tick();
    await meet();
    core.answers.set("replace", () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw { code: "unknown-folder", problem: null, message: "the folder is not known" };
    });
    await press("same-replace");
    await waitFor(() => expect(find("field-error")).not.toBeNull());
    expect(valueOf("add-url")).toBe("https://b.example/x.zip");
    expect([...core.rows.keys()]).toEqual([7]);
    expect(find("toast")).toBeNull();
    expect(core.calls.filter(({ cmd }) => cmd.startsWith("remove"))).toEqual([]);
  });

  it("can give the other its link, if that is not finished and has another one", async () => {
    await meet();
    await press("same-update");
    await waitFor(() =>
      expect(asked(core, "change_link")).toEqual([{ id: 7, url: "https://b.example/x.zip" }]),
    );
    expect(asked(core, "download")).toEqual([]);
    await waitFor(() => expect(find("same")).toBeNull());
  });

  it.each([
    ["finished", { phase: "done" }],
    ["of the same link", { by: "link" }],
  ] as const)("offers no new link to one that is %s", async (_, over) => {
    await meet(over);
    expect(find("same-update")).toBeNull();
  });

  it("can be shown instead", async () => {
    await meet();
    await press("same-show");
    await waitFor(() => expect(asked(core, "watch").map((args) => args["id"])).toEqual([7]));
    expect(asked(core, "download")).toEqual([]);
  });

  it("can be thought better of, with everything as it was", async () => {
    await meet();
    await fireEvent.keyDown(get("same-show"), { key: "Escape" });
    await waitFor(() => expect(valueOf("add-url")).toBe("https://b.example/x.zip"));
    expect(asked(core, "download")).toEqual([]);
  });
});

describe("what is told before the press", () => {
  it("is how much is free for the file, and that it does not fit", async () => {
    core.answers.set("look", (args) =>
      makeLook(args["url"] as string, { total: 84_000_000_000, free: 12_000_000_000 }),
    );
    await openAdd("https://a.example/big.iso");
    await looked("found");
    await waitFor(() => expect(textOf("field-error")).toBe("Needs 84.0 GB, 12.0 GB free"));
    core.answers.set("pick_folder", () => ({ id: "f7", label: "/mnt/films" }));
    await press("add-folder");
    await waitFor(() => expect(asked(core, "free_in_folder")).toContainEqual({ folder: "f7" }));
    await waitFor(() => expect(document.body.textContent).toContain("212\u00a0GB free"));
    expect(find("field-error")).toBeNull();
  });

  it("is nothing about space where the system does not say", async () => {
    core.free = null;
    core.answers.set("look", (args) => makeLook(args["url"] as string, { free: null }));
    await openAdd("https://a.example/x");
    await looked("found");
    expect(document.querySelector("[role=dialog]")?.textContent).not.toContain("free");
  });

  it("is the rule that chose the folder, until another folder is chosen", async () => {
    core.answers.set("look", (args) =>
      makeLook(args["url"] as string, { folder: { id: "v", label: "~/Videos" }, rule: "*.mkv" }),
    );
    core.answers.set("pick_folder", () => ({ id: "f7", label: "/mnt/films" }));
    await openAdd("https://a.example/x.mkv");
    await waitFor(() => expect(document.body.textContent).toContain("Saved to ~/Videos · rule *.mkv"));
    await press("add-folder");
    await waitFor(() => expect(textOf("add-folder")).toContain("/mnt/films"));
    expect(document.body.textContent).not.toContain("rule *.mkv");
  });

  it("goes to the folder that was shown with the server's answer", async () => {
    core.answers.set("look", (args) =>
      makeLook(args["url"] as string, { folder: { id: "v", label: "~/Videos" } }),
    );
    await openAdd("https://a.example/get?id=1");
    await looked("found");
    await press("add-start");
    await waitFor(() => expect(options()).toMatchObject({ folder: "v" }));
  });

  it("is that the list has it already, before a server is asked, with what can be done instead", async () => {
    core.put(makeRow(7, { name: "x.zip", phase: "paused", received: 480_000 }));
    core.tick();
    core.answers.set("same", () => [{ id: 7, by: "file", name: "x.zip", phase: "paused" }]);
    core.answers.set("clipboard", () => "https://b.example/x.zip");
    await press("add-open");
    await waitFor(() => expect(textOf("add-known")).toMatch(/Paused · 48\s?%/));
    expect(asked(core, "look")).toEqual([]);
    await press("known-update");
    await waitFor(() =>
      expect(asked(core, "change_link")).toEqual([{ id: 7, url: "https://b.example/x.zip" }]),
    );
    await waitFor(() => expect(find("add-url")).toBeNull());
    await openAdd("https://b.example/x.zip");
    await waitFor(() => get("add-known"));
    await press("known-show");
    await waitFor(() => expect(asked(core, "watch").map((args) => args["id"])).toEqual([7]));
    expect(asked(core, "download")).toEqual([]);
  });
});
