// Helpers for tests of the whole window, based on its test ids. Never part of the build.
import { fireEvent, render, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { expect } from "vitest";
import App from "../App.svelte";
import { loadLateViews } from "../features/downloads/late-views.svelte.ts";
// Loaded lazily by the window; imported here so that no test waits for it.
import "../views/Dialogs.svelte";
import { uiLanguage } from "../lib/language.svelte.ts";
import { FakeCore } from "./core.ts";
import { makeRow } from "./values.ts";

await loadLateViews();

/** Settings of one window must not leak into the next test. */
export function forgetSettings(): void {
  localStorage.clear();
  uiLanguage.chosen = null;
  delete document.documentElement.dataset["theme"];
}

export const find = (id: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(`[data-testid=${id}]`);

export function get(id: string): HTMLElement {
  const element = find(id);
  if (element === null) throw new Error(`nothing on the screen is called ${id}`);
  return element;
}

/** Text of an element, with non-breaking spaces as plain ones. */
export const textOf = (id: string): string => get(id).textContent.replace(/\u00a0/g, " ");

export const press = async (id: string): Promise<void> => {
  await fireEvent.click(get(id));
  await tick();
};

/** Presses a key, wherever the focus is. */
export const type = async (key: string, with_: Partial<KeyboardEventInit> = {}): Promise<void> => {
  await fireEvent.keyDown(document.activeElement ?? document.body, { key, ...with_ });
  await tick();
};

/** Ids of the rows, from top to bottom. */
export const rows = (): (string | undefined)[] =>
  [...document.querySelectorAll<HTMLElement>("[data-testid=download-row]")].map((row) => row.dataset["id"]);

export const rowOf = (id: number): HTMLElement => {
  const row = document.querySelector<HTMLElement>(`[data-testid=download-row][data-id='${String(id)}']`);
  if (row === null) throw new Error(`no row ${String(id)}`);
  return row;
};

/** Ids of the selected rows. */
export const chosen = (): string[] =>
  [...document.querySelectorAll<HTMLElement>("[data-testid=download-row][aria-selected=true]")].map(
    (row) => row.dataset["id"] ?? "",
  );

/** Renders the window over a core with these rows and waits for the list. */
export async function open(...given: Parameters<typeof makeRow>[]): Promise<FakeCore> {
  return show(new FakeCore(given.map((row) => makeRow(...row))));
}

/** Renders the window over this core and waits for the list. */
export async function show(core: FakeCore): Promise<FakeCore> {
  render(App);
  await waitFor(() => expect(asked(core, "ack")).not.toEqual([]));
  return core;
}

/** Arguments of all requests of this command. */
export const asked = (core: FakeCore, cmd: string): Record<string, unknown>[] =>
  core.calls.filter((call) => call.cmd === cmd).map((call) => call.args);

/** A core on a phone with this system. */
export function phoneCore(os: "android" | "ios", ...given: Parameters<typeof makeRow>[]): FakeCore {
  const core = new FakeCore(given.map((row) => makeRow(...row)));
  const lacks = { tray: false, autostart: false, trash: false, chooseFile: false, openWith: false };
  core.platform = { ...core.platform, ...lacks, os, mobile: true, metered: true, battery: true };
  return core;
}

/** A phone's width, for a window that is rendered afterwards. */
export function asPhone(): void {
  const wide = window.matchMedia.bind(window);
  window.matchMedia = (media) => Object.assign(wide(media), { matches: media.includes("640px") });
}
