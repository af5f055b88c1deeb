// Tests of what the settings keep and carry: export, import, history, log and the first start, against the fake core.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { HistoryItem, ImportReport } from "../../lib/api.ts";
import { FakeCore } from "../../test/core.ts";
import { makeRow, makeSettings } from "../../test/values.ts";
import { asked, find, get, open, press, show, textOf } from "../../test/window.ts";

let core: FakeCore;

async function openPage(page: string, first: string): Promise<void> {
  await press("settings-open");
  await waitFor(() => get("settings"));
  await press(`settings-go-${page}`);
  await waitFor(() => get(first));
}

const report = (over: Partial<ImportReport> = {}): ImportReport => ({
  format: "aria2",
  added: 2,
  known: 1,
  finished: 0,
  otherFolder: 0,
  faults: [],
  moreFaults: 0,
  ...over,
});

/** Puts a file into the field, as the system's dialog does. */
async function give(text: string): Promise<void> {
  const file = Object.assign(new File([text], "list.txt"), { text: () => Promise.resolve(text) });
  Object.defineProperty(get("import-input"), "files", { value: [file], configurable: true });
  await fireEvent.change(get("import-input"));
  await tick();
}

describe("an export", () => {
  beforeEach(async () => {
    core = await open([1]);
  });

  it("is saved in the folder that is picked, without secrets unless they are asked for", async () => {
    core.answers.set("pick_folder", () => ({ id: "f7", label: "/mnt/backup" }));
    core.answers.set("save_list", () => ({
      name: "millrace-list.json",
      folder: "/mnt/backup",
      downloads: 1,
    }));
    await openPage("data", "export-save");
    await press("export-save");
    await waitFor(() => expect(textOf("export-told")).toBe("Saved as millrace-list.json in /mnt/backup."));
    expect(asked(core, "save_list")).toEqual([{ folder: "f7", format: "json", secrets: false }]);
    await fireEvent.click(get("export-secrets"));
    await fireEvent.change(get("export-format"), { target: { value: "aria2" } });
    await press("export-save");
    await waitFor(() =>
      expect(asked(core, "save_list").at(-1)).toEqual({ folder: "f7", format: "aria2", secrets: true }),
    );
  });

  it("is shown to be copied by hand when the clipboard does not take it", async () => {
    await openPage("data", "export-copy");
    await press("export-copy");
    await waitFor(() => expect(document.querySelector("textarea")?.value).toContain("http"));
    expect(textOf("export-told")).toContain("Couldn’t copy");
  });
});

describe("an import", () => {
  beforeEach(async () => {
    core = await open();
  });

  it("says what it would add and what it could not read, and adds only then", async () => {
    core.answers.set("read_list", () =>
      report({ otherFolder: 1, faults: [{ place: 3, reason: "checksum", text: "crc:1" }], moreFaults: 2 }),
    );
    core.answers.set("import_list", () => report());
    await openPage("data", "import-file");
    await give("http://host/a");
    await waitFor(() => get("import-plan"));
    const plan = textOf("import-plan");
    for (const words of ["aria2", "2 downloads to add", "1 is already", "1 goes to your default folder"])
      expect(plan).toContain(words);
    expect(textOf("import-faults")).toMatch(/Line 3:.*checksum.*crc:1.*and 2 more/s);
    expect(asked(core, "import_list")).toEqual([]);
    await fireEvent.click(get("import-paused"));
    await press("import-go");
    await waitFor(() => expect(textOf("import-done")).toBe("2 downloads added."));
    expect(asked(core, "import_list")).toEqual([
      { text: "http://host/a", options: { paused: true, finished: false } },
    ]);
    expect(find("import-plan")).toBeNull();
  });

  it("says why nothing of a file can be taken", async () => {
    core.answers.set("read_list", () =>
      Promise.reject(Object.assign(new Error("line 3: it breaks"), { code: "bad-file", problem: null })),
    );
    await openPage("data", "import-file");
    await give("[{");
    await waitFor(() => expect(textOf("import-error")).toContain("line 3: it breaks"));
    expect(find("import-plan")).toBeNull();
  });

  it("is taken from the clipboard, which may be empty", async () => {
    await openPage("data", "import-clipboard");
    await press("import-clipboard");
    await waitFor(() => expect(textOf("import-error")).toBe("The clipboard has no text."));
    core.answers.set("clipboard", () => "http://host/a");
    core.answers.set("read_list", () => report({ added: 0, finished: 3 }));
    await press("import-clipboard");
    await waitFor(() => get("import-finished"));
    expect((get("import-go") as HTMLButtonElement).disabled).toBe(true);
    await fireEvent.click(get("import-finished"));
    await waitFor(() =>
      expect(asked(core, "read_list").at(-1)?.["options"]).toEqual({ paused: false, finished: true }),
    );
    await press("import-cancel");
    expect(find("import-plan")).toBeNull();
  });
});

describe("the history", () => {
  const item = (id: number, over: Partial<HistoryItem> = {}): HistoryItem => ({
    id,
    url: `https://host/${id}`,
    name: `file-${id}.zip`,
    folder: "/files",
    host: "host",
    total: 1_000,
    received: 1_000,
    finishedAt: 1,
    removedAt: 2,
    ...over,
  });

  beforeEach(async () => {
    core = await open();
    core.answers.set("history", (args) => ({
      items: args["search"] === "none" ? [] : [item(1), item(2, { removedAt: null })],
      more: false,
    }));
    core.answers.set("traffic", () => ({
      hours: [[Math.floor(Date.now() / 3_600_000), 5_000_000]],
      hosts: [["host", 5_000_000]],
    }));
    await openPage("data", "history-open");
    await press("history-open");
    await waitFor(() => get("history-item"));
  });

  it("shows how much came on which day and from where", () => {
    expect(textOf("traffic-sum")).toBe("5.00 MB in the last 30 days");
    expect(get("traffic-days").children).toHaveLength(30);
    expect(textOf("traffic-host")).toMatch(/host.*5.00 MB/s);
  });

  it("restores what was removed, and nothing that is still there", async () => {
    expect(document.querySelectorAll("[data-testid=history-restore]")).toHaveLength(1);
    await press("history-restore");
    await waitFor(() => expect(textOf("history-told")).toBe("file-1.zip was added again."));
    expect(asked(core, "restore_history")).toEqual([{ ids: [1] }]);
  });

  it("is searched", async () => {
    await fireEvent.input(get("history-search"), { target: { value: "none" } });
    await waitFor(() => expect(textOf("history-empty")).toContain("“none”"));
  });

  it("is cleared after a second press only", async () => {
    await press("history-clear");
    expect(asked(core, "clear_history")).toEqual([]);
    await press("history-clear-go");
    await waitFor(() => expect(textOf("history-told")).toBe("The history is empty now."));
    expect(asked(core, "clear_history")).toHaveLength(1);
  });

  it("leads back to its page of the settings, where it is switched off", async () => {
    await press("modal-back");
    await waitFor(() => get("setting-history"));
    await fireEvent.click(get("setting-history"));
    await waitFor(() => expect(core.settings.history).toBe(false));
  });
});

it("the log is read by level, and copied", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
  core = await open();
  core.answers.set("app_log", (args) => [
    { at: 0, level: "error", source: "engine", text: `from ${String(args["least"])} on` },
  ]);
  await openPage("about", "app-log-open");
  await press("app-log-open");
  await waitFor(() => expect(textOf("app-log-line")).toContain("from info on"));
  await fireEvent.change(get("app-log-level"), { target: { value: "error" } });
  await waitFor(() => expect(textOf("app-log-line")).toContain("from error on"));
  await press("app-log-copy");
  await waitFor(() => expect(textOf("app-log-told")).toBe("Copied."));
  expect(writeText).toHaveBeenCalledWith("1970-01-01T00:00:00.000Z ERROR engine from error on");
  await press("app-log-folder");
  await waitFor(() => expect(asked(core, "reveal_log")).toHaveLength(1));
  Reflect.deleteProperty(navigator, "clipboard");
});

describe("the first start", () => {
  const fresh = (rows: readonly number[]): FakeCore => {
    core = new FakeCore(rows.map((id) => makeRow(id)));
    core.settings = makeSettings({ welcomed: false });
    return core;
  };

  it("is asked about once, and changes only what is changed", async () => {
    await show(fresh([]));
    await waitFor(() => get("welcome"));
    await waitFor(() => expect(core.settings.welcomed).toBe(true));
    await fireEvent.click(get("setting-welcome-notices"));
    await waitFor(() => expect(core.settings).toMatchObject({ notifyFinished: false, notifyFailed: false }));
    await press("welcome-done");
    await waitFor(() => expect(find("welcome")).toBeNull());
    expect(core.settings).toEqual(
      makeSettings({ welcomed: true, notifyFinished: false, notifyFailed: false }),
    );
  });

  it("leads to the import", async () => {
    await show(fresh([]));
    await waitFor(() => get("welcome-import"));
    await press("welcome-import");
    await waitFor(() => get("import-file"));
  });

  it("is not asked about when there is a list", async () => {
    await show(fresh([1]));
    await waitFor(() => get("download-row"));
    await tick();
    expect(find("welcome")).toBeNull();
  });
});
