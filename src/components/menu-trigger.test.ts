// What opens a menu, and a menu that is opened before it is loaded.
import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import type { Attachment } from "svelte/attachments";
import { afterEach, expect, it, vi } from "vitest";
import LateMenu from "./LateMenu.svelte";
import { menuView } from "./late-views.ts";
import { ContextArea, MenuButton, PopoverButton } from "./menu-trigger.svelte.ts";

let element: HTMLButtonElement;
afterEach(() => element.remove());

/** Puts a button on the page with the listeners and attachments of the trigger. */
function put<T extends MenuButton | PopoverButton | ContextArea>(trigger: T): T {
  element = document.createElement("button");
  document.body.append(element);
  const props: Record<PropertyKey, unknown> = trigger.props;
  for (const key of Reflect.ownKeys(props)) {
    if (typeof key === "symbol") (props[key] as Attachment)(element);
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), props[key] as EventListener);
  }
  return trigger;
}

it("has its first item focused when a key opens it before it is loaded", async () => {
  const trigger = put(new MenuButton());
  const entries = ["one", "two"].map((id) => ({ id, label: id, run: () => undefined }));
  render(LateMenu, { trigger, entries, to: "body" });
  element.focus();
  expect(menuView.loaded).toBeUndefined();
  await fireEvent.keyDown(element, { key: "Enter" });
  await waitFor(() => expect(menuView.loaded).toBeDefined(), { timeout: 50_000 });
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("one")));
  expect(screen.getByTestId("one").closest("[role=menu]")?.id).toBe(trigger.props["aria-controls"]);
  await fireEvent.keyDown(document.activeElement ?? element, { key: "Escape" });
  await waitFor(() => expect(document.activeElement).toBe(element));
  expect(trigger.open).toBe(false);
});

it.each<[string, boolean, () => Promise<boolean>]>([
  ["a press", true, () => fireEvent.pointerDown(element, { pointerType: "mouse" })],
  ["a press for the context menu", false, () => fireEvent.pointerDown(element, { button: 2 })],
  ["the same on a Mac", false, () => fireEvent.pointerDown(element, { ctrlKey: true })],
  ["a finger that is put down", false, () => fireEvent.pointerDown(element, { pointerType: "touch" })],
  ["a finger that is lifted", true, () => fireEvent.pointerUp(element, { pointerType: "touch" })],
  ["the click that follows a press", false, () => fireEvent.click(element, { detail: 1 })],
  ["a screen reader's click", true, () => fireEvent.click(element, { detail: 0 })],
  ["Space", true, () => fireEvent.keyDown(element, { key: " " })],
  ["ArrowDown", true, () => fireEvent.keyDown(element, { key: "ArrowDown" })],
  ["another key", false, () => fireEvent.keyDown(element, { key: "a" })],
])("a menu and %s: opens %s", async (_, opens, act) => {
  const trigger = put(new MenuButton());
  await act();
  expect(trigger.open).toBe(opens);
  expect(trigger.props["aria-expanded"]).toBe(opens);
});

it("a popover opens and closes by clicks and keys", async () => {
  const trigger = put(new PopoverButton());
  await fireEvent.click(element, { detail: 1 });
  expect(trigger.open).toBe(true);
  // `fireEvent` returns false for a prevented event: no click follows.
  expect(await fireEvent.keyDown(element, { key: "Enter" })).toBe(false);
  expect(trigger.open).toBe(false);
});

it("a context menu opens where the event is, unless somebody has taken it", async () => {
  const trigger = put(new ContextArea());
  const taken = (event: Event): void => event.preventDefault();
  element.addEventListener("contextmenu", taken, { capture: true });
  await fireEvent.contextMenu(element, { clientX: 30, clientY: 40 });
  expect(trigger.open).toBe(false);
  element.removeEventListener("contextmenu", taken, { capture: true });
  expect(await fireEvent.contextMenu(element, { clientX: 30, clientY: 40 })).toBe(false);
  expect(trigger.open).toBe(true);
  expect(trigger.anchor.getBoundingClientRect()).toMatchObject({ x: 30, y: 40, width: 0, height: 0 });
});

it("a context menu opens by a finger that rests, and not by one that moves", async () => {
  vi.useFakeTimers();
  const trigger = put(new ContextArea());
  const finger = { pointerType: "touch", clientX: 30, clientY: 40 };
  await fireEvent.pointerDown(element, finger);
  await vi.advanceTimersByTimeAsync(600);
  await fireEvent.pointerMove(element, finger);
  await vi.advanceTimersByTimeAsync(600);
  expect(trigger.open).toBe(false);
  await fireEvent.pointerDown(element, finger);
  await vi.advanceTimersByTimeAsync(700);
  expect(trigger.open).toBe(true);
});
