// What tests of the whole window do and look at, by the hooks that the pages promise to tests. Never part of the build.
import { fireEvent, render, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { expect } from "vitest";
import App from "../App.svelte";
// The window loads them later; here no test shall wait for that.
import "../views/Dialogs.svelte";
import { uiLanguage } from "../lib/language.svelte.ts";
import { FakeCore } from "./core.ts";
import { makeRow } from "./values.ts";

/** What a person has set in a window is not for the next one. */
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

/** What an element says; spaces that do not break look like any other here. */
export const textOf = (id: string): string => get(id).textContent.replace(/\u00a0/g, " ");

export const press = async (id: string): Promise<void> => {
  await fireEvent.click(get(id));
  await tick();
};

/** A key, wherever the focus is. */
export const type = async (key: string, with_: Partial<KeyboardEventInit> = {}): Promise<void> => {
  await fireEvent.keyDown(document.activeElement ?? document.body, { key, ...with_ });
  await tick();
};

/** The ids of the rows, from top to bottom. */
export const rows = (): (string | undefined)[] =>
  [...document.querySelectorAll<HTMLElement>("[data-testid=download-row]")].map((row) => row.dataset["id"]);

export const rowOf = (id: number): HTMLElement => {
  const row = document.querySelector<HTMLElement>(`[data-testid=download-row][data-id='${String(id)}']`);
  if (row === null) throw new Error(`no row ${String(id)}`);
  return row;
};

/** The ids of the selected rows. */
export const chosen = (): string[] =>
  [...document.querySelectorAll<HTMLElement>("[data-testid=download-row][aria-selected=true]")].map(
    (row) => row.dataset["id"] ?? "",
  );

/** The window over a core with these rows, once the list is there. */
export async function open(...given: Parameters<typeof makeRow>[]): Promise<FakeCore> {
  return show(new FakeCore(given.map((row) => makeRow(...row))));
}

/** The window over this core. */
export async function show(core: FakeCore): Promise<FakeCore> {
  render(App);
  await waitFor(() => expect(asked(core, "ack")).not.toEqual([]));
  return core;
}

/** What the core was asked by this name. */
export const asked = (core: FakeCore, cmd: string): Record<string, unknown>[] =>
  core.calls.filter((call) => call.cmd === cmd).map((call) => call.args);

/** A core on a phone of this kind. */
export function phoneCore(os: "android" | "ios", ...given: Parameters<typeof makeRow>[]): FakeCore {
  const core = new FakeCore(given.map((row) => makeRow(...row)));
  const lacks = { tray: false, autostart: false, trash: false };
  core.platform = { ...core.platform, ...lacks, os, mobile: true, metered: true, battery: true };
  return core;
}

/** Widths below the phone's, for a window that is rendered after it. */
export function asPhone(): void {
  const wide = window.matchMedia.bind(window);
  window.matchMedia = (media) => Object.assign(wide(media), { matches: media.includes("640px") });
}
