// Shortcuts that work wherever the focus is. Those of the list alone are in List.svelte.
import type { Priority, Row } from "../../lib/api.ts";
import { isShortcut, type ShortcutId } from "../../lib/shortcuts.ts";
import { filters } from "../../lib/list-query.svelte.ts";
import type { AppStore } from "./app-store.svelte.ts";

type Around = {
  /** The focus is in a text field, whose own keys take precedence. */
  typing: boolean;
  find: () => void;
};

const ranks: readonly Priority[] = ["low", "normal", "high"];

/** Raises or lowers the priority by one step, starting from the first row's. */
function rank(store: AppStore, rows: readonly Row[], by: 1 | -1): void {
  const now = ranks.indexOf(rows[0]?.priority ?? "normal");
  const priority = ranks[now + by];
  if (priority !== undefined) store.setPriority(rows, priority);
}

/** Focuses the next region of the window: sidebar, list, details. */
function nextRegion(): void {
  const regions =
    ["aside button[aria-pressed=true]", "[role=grid]", "[data-testid=details] [role=tab][data-state=active]"] // prettier-ignore
      .map((css) => document.querySelector<HTMLElement>(css))
      .filter((one) => one !== null);
  const now = regions.findIndex((one) =>
    (one.closest("aside, [data-testid=details]") ?? one).contains(document.activeElement),
  );
  regions[(now + 1) % regions.length]?.focus();
}

/** Runs the action of a shortcut; returns whether there was one. */
export function handleKey(store: AppStore, event: KeyboardEvent, { typing, find }: Around): boolean {
  const is = (id: ShortcutId): boolean => isShortcut(event, id);
  if (is("add")) store.dialog = { kind: "add", links: "" };
  else if (is("search")) find();
  else if (event.key === "F1" || (is("sheet") && !typing)) store.dialog = { kind: "shortcuts" };
  else if (is("pauseAll")) store.pauseAll();
  else if (is("resumeAll")) store.resumeAll();
  else if (is("slow")) store.toggleSlowMode();
  else if (is("sort")) store.sorting = true;
  else if (is("sidebar")) store.sidebar.toggle();
  else if (is("settings")) store.dialog = { kind: "settings" };
  else if (is("regions")) nextRegion();
  else if (is("filters")) store.query.showOnly(filters[Number(event.key) - 1] ?? "all");
  else if (is("close")) return close(store);
  else if (typing) return false;
  else if (is("undo")) store.undo();
  else return selected(store, store.selected, is, event);
  return true;
}

function close(store: AppStore): boolean {
  if (store.openId !== undefined) store.close();
  else if (store.selecting || store.selection.ids.size > 0) {
    store.selecting = false;
    store.selection.clear();
  } else return false;
  store.focusList();
  return true;
}

function selected(
  store: AppStore,
  rows: readonly Row[],
  is: (id: ShortcutId) => boolean,
  event: KeyboardEvent,
): boolean {
  if (rows.length === 0) return false;
  const up = event.key === "ArrowUp";
  const row = rows.length === 1 ? rows[0] : undefined;
  if (is("queue")) store.step(rows, up ? "up" : "down");
  else if (is("ends")) store.step(rows, event.key === "Home" ? "first" : "last");
  else if (is("priority")) rank(store, rows, up ? 1 : -1);
  else if (is("retry")) store.retry(rows);
  else if (is("copy") && String(getSelection()) === "") store.copyLink(rows);
  else if (row === undefined) return false;
  else if (is("details")) {
    if (store.openId === undefined) store.open(row.id);
    else store.close();
  } else if (is("reveal") && row.allows.open) store.reveal(row);
  else if (is("link") && row.allows.changeLink) store.dialog = { kind: "link", row };
  else if (is("folder") && row.allows.changeFolder) store.changeFolder(row);
  else return false;
  return true;
}
