// The open details, over the fake core.
import { beforeEach, expect, it } from "vitest";
import type { DownloadOptions } from "../../lib/api.ts";
import { Announcer } from "../../lib/announcer.svelte.ts";
import { FailureReporter } from "../../lib/failure-reporter.ts";
import { Selection } from "../../lib/selection.svelte.ts";
import { Toasts } from "../../lib/toasts.svelte.ts";
import { FakeCore } from "../../test/core.ts";
import { makeRow } from "../../test/values.ts";
import { DetailsPane } from "./details-pane.svelte.ts";

const rows = [makeRow(2), makeRow(1)];
let core: FakeCore;
let toasts: Toasts;
let selection: Selection;
let details: DetailsPane;
const remembered = (): string | null => localStorage.getItem("millrace.open");
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const asked = (): string[] => core.calls.map((call) => call.cmd);

beforeEach(() => {
  core = new FakeCore(rows);
  toasts = new Toasts();
  selection = new Selection(() => rows);
  details = new DetailsPane(() => rows, selection, new FailureReporter(toasts, new Announcer()));
});

it("open with the watch on their download, and close with it", async () => {
  expect(details.row).toBeUndefined();
  details.open(1);
  await settled();
  expect(details.row).toBe(rows[1]);
  expect(core.watches.has(1)).toBe(true);
  expect(remembered()).toBe("1");
  details.close();
  await settled();
  expect(details.row).toBeUndefined();
  expect(core.watches.size).toBe(0);
  expect(remembered()).toBe("null");
});

it("of a download that is not in the list have no row", () => {
  details.open(9);
  expect(details.id).toBe(9);
  expect(details.row).toBeUndefined();
});

it("report a watch that the core refuses, and stay open", async () => {
  core.answers.set("watch", () => Promise.reject(new Error("unknown")));
  details.open(1);
  await settled();
  expect(toasts.all).toHaveLength(1);
  expect(details.row).toBe(rows[1]);
});

it("are the same after a reload, with their row selected, until the page stops", async () => {
  localStorage.setItem("millrace.open", "2");
  const stop = details.start();
  await settled();
  expect(details.id).toBe(2);
  expect([...selection.ids]).toEqual([2]);
  expect(core.watches.has(2)).toBe(true);
  stop();
  await settled();
  expect(core.watches.size).toBe(0);
  expect(remembered()).toBe("2");
});

it("close silently when the remembered download is gone", async () => {
  localStorage.setItem("millrace.open", "9");
  core.answers.set("watch", () => Promise.reject(new Error("unknown")));
  details.start();
  await settled();
  expect(details.id).toBeUndefined();
  expect(remembered()).toBe("null");
  expect(toasts.all).toEqual([]);
});

it("watch anew when the channels were replaced", async () => {
  details.open(1);
  await settled();
  details.reopen();
  await settled();
  expect(asked()).toEqual(["watch", "watch"]);
});

it("of an added download are shown if the pane is, and it is selected if there is room for it", async () => {
  const options = {} as DownloadOptions;
  await details.add("https://a.example/x", options, false);
  expect(selection.ids.size).toBe(0);
  await details.add("https://a.example/y", options, true);
  expect(details.id).toBeUndefined();
  expect([...selection.ids]).toEqual([4]);
  details.toggle(undefined);
  await details.add("https://a.example/z", options, true);
  expect(details.id).toBe(5);
  expect([...selection.ids]).toEqual([5]);
  expect(remembered()).toBe("5");
  expect([...core.watches.keys()]).toEqual([5]);
});

it("show nothing when the core refuses the link, which the caller reports", async () => {
  core.answers.set("download", () => Promise.reject(new Error("bad")));
  await expect(details.add("https://a.example/x", {} as DownloadOptions, true)).rejects.toThrow("bad");
  expect(details.id).toBeUndefined();
  expect(toasts.all).toEqual([]);
});
