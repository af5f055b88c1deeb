// What can be done with the files of downloads, in the whole window over the fake core.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import { FakeCore } from "../test/core.ts";
import { makeRow } from "../test/values.ts";
import {
  asked,
  chosen,
  find,
  forgetSettings,
  get,
  open,
  press,
  rowOf,
  show,
  textOf,
  type,
} from "../test/window.ts";

afterEach(forgetSettings);

const done = { name: "song.flac", phase: "done", received: 1_000_000, folder: "~/Music" } as const;

async function menuOf(id: number): Promise<string[]> {
  await fireEvent.contextMenu(rowOf(id));
  await waitFor(() => get("menu-remove"));
  const items = document.querySelectorAll<HTMLElement>("[data-testid^=menu-]");
  return [...items].map((item) => item.dataset["testid"]?.slice("menu-".length) ?? "");
}

/** Presses a row and moves the pointer by this many pixels. */
async function pull(id: number, by: number, kind: Partial<PointerEventInit> = {}): Promise<void> {
  const pointer = { pointerType: "mouse", button: 0, bubbles: true, clientX: 50, clientY: 50, ...kind };
  await fireEvent(rowOf(id), new PointerEvent("pointerdown", pointer));
  await fireEvent(window, new PointerEvent("pointermove", { ...pointer, clientX: 50 + by }));
}

describe("the files of finished rows are dragged out", () => {
  const paused = { name: "c.bin", phase: "paused" } as const;

  it("one by one, or all that are selected and finished", async () => {
    const core = await open([1, done], [2, done], [3, paused]);
    await pull(1, 3);
    expect(asked(core, "drag_out"), "a click").toEqual([]);
    await fireEvent(window, new PointerEvent("pointerup"));
    await pull(1, 8);
    expect(asked(core, "drag_out")).toEqual([{ ids: [1] }]);
    expect(chosen()).toEqual(["1"]);
    get("list").focus();
    await type("a", { ctrlKey: true });
    await pull(2, 8);
    expect(asked(core, "drag_out").at(-1)?.["ids"]).toEqual(expect.arrayContaining([1, 2]));
    expect(asked(core, "drag_out").at(-1)?.["ids"]).toHaveLength(2);
  });

  it("and no other row, no file that is gone, and nothing by touch", async () => {
    const core = new FakeCore([makeRow(1, done), makeRow(3, paused), makeRow(4, done)]);
    core.missing.add(1);
    await show(core);
    await waitFor(() => get("file-missing"));
    await pull(1, 20);
    await pull(3, 20);
    await pull(4, 20, { pointerType: "touch" });
    await pull(4, 20, { button: 2 });
    expect(asked(core, "drag_out")).toEqual([]);
  });

  it("and what cannot be dragged is said", async () => {
    const core = await open([1, done]);
    const gone = { code: "no-such-file", problem: null, message: "gone" };
    // The core rejects with a wire value.
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    core.answers.set("drag_out", () => Promise.reject(gone));
    core.missing.add(1);
    await pull(1, 8);
    await waitFor(() => expect(textOf("toast")).toContain("Couldn’t drag song.flac"));
    await waitFor(() => get("file-missing"));
  });
});

describe("the menu of a row", () => {
  it("has three groups for a finished file", async () => {
    await open([1, done]);
    expect(await menuOf(1)).toEqual(
      ["open", "look", "open-with", "reveal", "rename", "move", "verify", "again", "properties", "copy", "tags", "remove"], // prettier-ignore
    );
    expect(document.querySelectorAll(".menu-line")).toHaveLength(2);
  });

  it("offers to find a file that is gone, or to download it again", async () => {
    const core = new FakeCore([makeRow(1, done)]);
    core.missing.add(1);
    await show(core);
    await waitFor(() => expect(textOf("file-missing")).toBe("File moved or deleted"));
    expect(find("row-open")).toBeNull();
    expect(await menuOf(1)).toEqual(["locate", "again", "properties", "copy", "tags", "remove"]);
    await press("menu-locate");
    await waitFor(() => expect(find("file-missing")).toBeNull());
    expect(asked(core, "locate")).toEqual([{ id: 1 }]);
  });

  it("downloads a file that is gone again", async () => {
    const core = new FakeCore([makeRow(1, done)]);
    core.missing.add(1);
    await show(core);
    await waitFor(() => get("row-again"));
    await press("row-again");
    await waitFor(() => expect(asked(core, "download_again")).toEqual([{ id: 1 }]));
  });

  it("says that a file is gone as soon as opening it fails for that", async () => {
    const core = await open([1, done]);
    const gone = { code: "no-such-file", problem: null, message: "gone" };
    // The core rejects with a wire value.
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    core.answers.set("open_file", () => Promise.reject(gone));
    core.missing.add(1);
    await press("row-open");
    await waitFor(() => get("file-missing"));
  });
});

describe("renaming", () => {
  it("begins with F2, keeps the ending out of the selection, and shows why a name is refused", async () => {
    const core = await open([1, done]);
    await fireEvent.click(rowOf(1));
    get("list").focus();
    await type("F2");
    await waitFor(() => get("rename-name"));
    const field = get("rename-name") as HTMLInputElement;
    await waitFor(() => expect(field.selectionEnd).toBe("song".length));
    const taken = { code: "file-exists", path: "~/Music/a.flac" };
    const refused = { code: "not-moved", problem: taken, message: "taken" };
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    core.answers.set("rename_file", () => Promise.reject(refused));
    await fireEvent.input(field, { target: { value: "a.flac" } });
    await press("rename-do");
    await waitFor(() => expect(textOf("field-error")).toContain("~/Music/a.flac"));
    core.answers.delete("rename_file");
    await fireEvent.input(field, { target: { value: "b.flac" } });
    await press("rename-do");
    await waitFor(() => expect(find("rename-name")).toBeNull());
    expect(asked(core, "rename_file").at(-1)).toEqual({ id: 1, name: "b.flac" });
  });
});

describe("moving", () => {
  it("takes a recent folder or one from the dialog, and reports when it has failed", async () => {
    const core = await open([1, done]);
    core.recent = [{ id: "work", label: "~/Work" }];
    core.answers.set("pick_folder", () => ({ id: "picked", label: "~/Picked" }));
    await menuOf(1);
    await press("menu-move");
    await waitFor(() => get("move-do"));
    await press("move-do");
    expect(textOf("field-error")).not.toBe("");
    await waitFor(() => get("move-recent"));
    await press("move-folder");
    await waitFor(() => expect(textOf("move-folder")).toContain("~/Picked"));
    const full = { code: "disk-full", folder: "~/Picked", needed: 5_000_000 };
    const refused = { code: "not-moved", problem: full, message: "full" };
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    core.answers.set("move_file", () => Promise.reject(refused));
    await press("move-do");
    await waitFor(() => expect(document.body.textContent).toContain("The file is where it was."));
    expect(asked(core, "move_file")).toEqual([{ id: 1, folder: "picked" }]);
    expect(find("move-do")).toBeNull();
  });
});

describe("the quick look", () => {
  it("opens and closes with Space on a finished row", async () => {
    const core = new FakeCore([makeRow(1, { ...done, name: "a.txt" })]);
    core.texts.set(1, "some words");
    await show(core);
    await fireEvent.click(rowOf(1));
    get("list").focus();
    await type(" ");
    await waitFor(() => expect(textOf("quick-look")).toContain("some words"));
    expect(asked(core, "pause")).toEqual([]);
    await fireEvent.keyDown(document.body, { key: " " });
    await waitFor(() => expect(find("quick-look")).toBeNull());
  });
});
