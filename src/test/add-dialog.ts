// Helpers for tests of the add dialog. Never part of the build.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { expect } from "vitest";
import { get, press } from "./window.ts";

/** Opens the dialog and types a text into its field. */
export async function openAdd(text: string): Promise<void> {
  await press("add-open");
  await waitFor(() => get("add-url"));
  if (text !== "") await write("add-url", text);
}

export const write = async (id: string, value: string): Promise<void> => {
  await fireEvent.input(get(id), { target: { value } });
  await tick();
};

/** Waits until the look at the link is in this state. */
export const looked = (state: string): Promise<void> =>
  waitFor(() => expect(get("look").dataset["state"]).toBe(state));

export const valueOf = (id: string): string => (get(id) as HTMLInputElement).value;
