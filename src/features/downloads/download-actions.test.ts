// What the user can do with downloads, over the fake core.
import { beforeEach, describe, expect, it } from "vitest";
import type { Row } from "../../lib/api.ts";
import { Announcer } from "../../lib/announcer.svelte.ts";
import { FileStates } from "../../lib/file-states.svelte.ts";
import { FailureReporter } from "../../lib/failure-reporter.ts";
import { SettingsStore } from "../../lib/settings.svelte.ts";
import { Toasts } from "../../lib/toasts.svelte.ts";
import { FakeCore } from "../../test/core.ts";
import { makeRow } from "../../test/values.ts";
import { Dialogs } from "./dialogs.svelte.ts";
import { DownloadActions } from "./download-actions.ts";

let core: FakeCore;
let rows: Row[];
let dialogs: Dialogs;
let toasts: Toasts;
let announcer: Announcer;
let actions: DownloadActions;

function given(...all: Partial<Row>[]): void {
  rows = all.map((row, at) => makeRow(all.length - at, row));
  core = new FakeCore(rows);
  dialogs = new Dialogs();
  toasts = new Toasts();
  announcer = new Announcer();
  const failures = new FailureReporter(toasts, announcer);
  const settings = new SettingsStore();
  actions = new DownloadActions({
    rows: () => rows,
    settings,
    dialogs,
    files: new FileStates(),
    toasts,
    announcer,
    failures,
  });
}
const row = (at: number): Row => {
  const one = rows[at];
  if (one === undefined) throw new Error(`no row ${at}`);
  return one;
};
const asked = (): [string, unknown][] => core.calls.map(({ cmd, args }) => [cmd, args["id"]]);
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

beforeEach(() => given({ phase: "running" }, { phase: "paused" }, { phase: "failed" }, { phase: "done" }));

describe("actions on several downloads", () => {
  it("go to those that allow them", () => {
    actions.pause(rows);
    actions.resume(rows);
    actions.retry(rows);
    expect(asked()).toEqual([
      ["pause", 4],
      ["resume", 3],
      ["retry", 2],
    ]);
  });

  it("toggle pauses some, or else resumes some, or else retries", () => {
    actions.toggle(rows);
    actions.toggle(rows.slice(1));
    actions.toggle(rows.slice(2));
    expect(asked().map(([cmd]) => cmd)).toEqual(["pause", "resume", "retry"]);
  });

  it("set a priority where it can be changed and differs", () => {
    given({ priority: "low" }, { priority: "high" }, { phase: "done" });
    actions.setPriority(rows, "high");
    expect(asked()).toEqual([["set_priority", 3]]);
  });

  it("report each refusal under the name of its download", async () => {
    core.answers.set("pause", () =>
      Promise.reject(Object.assign(new Error(), { code: "not-now", problem: null })),
    );
    actions.pause(rows);
    await settled();
    expect(toasts.all.map(({ tone }) => tone)).toEqual(["error"]);
    expect(toasts.all[0]?.title).toContain("4.zip");
    expect(announcer.text).toContain("4.zip");
  });
});

describe("actions on all downloads", () => {
  it("pause, resume and slow them", async () => {
    actions.pauseAll();
    actions.resumeAll();
    actions.toggleSlowMode();
    await settled();
    expect(asked().map(([cmd]) => cmd)).toEqual(["pause_all", "resume_all", "settings", "change_settings"]);
    expect(core.settings.slow).toBe(true);
    actions.toggleSlowMode();
    await settled();
    expect(core.settings.slow).toBe(false);
  });
});

describe("the fix of a failed download", () => {
  it.each([
    ["new-link", []],
    ["other-folder", ["pick_folder", "change_folder"]],
    ["start-over", ["retry"]],
  ] as const)("%s leads to %j", async (fix, commands) => {
    given({ phase: "failed", fix });
    core.answers.set("pick_folder", () => ({ id: "picked", label: "~/Films" }));
    actions.fix(row(0));
    await settled();
    expect(asked().map(([cmd]) => cmd)).toEqual(commands);
    expect(dialogs.current).toEqual(fix === "new-link" ? { kind: "link", row: row(0) } : undefined);
  });

  it("changes nothing when the folder dialog is cancelled", async () => {
    actions.changeFolder(row(2));
    await settled();
    expect(asked().map(([cmd]) => cmd)).toEqual(["pick_folder"]);
    expect(toasts.all).toEqual([]);
  });
});

describe("links", () => {
  it("are copied whole, and that is shown and said", async () => {
    core.links.set(4, "https://a.example/whole");
    const copied: string[] = [];
    const clipboard = { writeText: (text: string) => Promise.resolve(void copied.push(text)) };
    Object.defineProperty(navigator, "clipboard", { value: clipboard, configurable: true });
    actions.copyLink(rows.slice(0, 2));
    await settled();
    Reflect.deleteProperty(navigator, "clipboard");
    expect(copied).toEqual(["https://a.example/whole\nhttps://files.example.org/3.zip"]);
    expect(toasts.all.map(({ tone }) => tone)).toEqual(["plain"]);
    expect(announcer.text).toBe(toasts.all[0]?.title);
  });

  it("reject for the field that shows the error", async () => {
    core.answers.set("change_link", () => Promise.reject(new Error("change_link")));
    await expect(actions.changeLink(row(1), "https://b.example")).rejects.toThrow("change_link");
    expect(toasts.all).toEqual([]);
  });
});

describe("the queue", () => {
  const queued = (place: number): Partial<Row> => ({ phase: "queued", place });
  const moves = (): unknown[] => core.calls.map(({ args }) => [args["id"], args["place"]]);

  it("is changed move by move", async () => {
    given(queued(2), queued(1), queued(0));
    actions.step([row(0), row(1)], "first");
    expect(moves()).toHaveLength(1);
    await settled();
    expect(moves()).toHaveLength(2);
    expect(new Set(core.calls.map(({ cmd }) => cmd))).toEqual(new Set(["move_to"]));
  });

  it("takes what is dropped beside a row", async () => {
    given(queued(2), queued(1), queued(0));
    actions.drop([row(0)], "before", 1);
    await settled();
    expect(moves()).toEqual([[3, { at: "before", id: 1 }]]);
  });

  it("is left alone when nothing of it is chosen", async () => {
    actions.step(rows, "up");
    await settled();
    expect(core.calls).toEqual([]);
  });
});

it("a file that cannot be opened is reported", async () => {
  core.answers.set("open_file", () => Promise.reject(new Error("gone")));
  core.answers.set("reveal", () => Promise.reject(new Error("gone")));
  actions.openFile(row(3));
  actions.reveal(row(3));
  await settled();
  expect(toasts.all).toHaveLength(2);
});
