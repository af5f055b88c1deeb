// The keys that work wherever the focus is, and what they do. Those of the list alone are in List.svelte.
import type { Priority, Row } from "../../lib/api.ts";
import { isShortcut, type ShortcutId } from "../../lib/shortcuts.ts";
import { filters } from "../../lib/list-query.svelte.ts";
import { canChangeLink } from "./actions.ts";
import type { Desk } from "./app-store.svelte.ts";

type Around = {
  /** The focus is in a field: its own keys come first. */
  typing: boolean;
  find: () => void;
};

const ranks: readonly Priority[] = ["low", "normal", "high"];

/** One step from what the first of them has. */
function rank(desk: Desk, rows: readonly Row[], by: 1 | -1): void {
  const now = ranks.indexOf(rows[0]?.priority ?? "normal");
  const priority = ranks[now + by];
  if (priority !== undefined) desk.setPriority(rows, priority);
}

/** The next part of the window that can hold the focus: the sidebar, the list, the details. */
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

/** Does what the key asks for; whether there was such a thing. */
export function keyed(desk: Desk, event: KeyboardEvent, { typing, find }: Around): boolean {
  const is = (id: ShortcutId): boolean => isShortcut(event, id);
  if (is("add")) desk.dialog = { kind: "add", links: "" };
  else if (is("search")) find();
  else if (event.key === "F1" || (is("sheet") && !typing)) desk.dialog = { kind: "shortcuts" };
  else if (is("pauseAll")) desk.pauseAll();
  else if (is("resumeAll")) desk.resumeAll();
  else if (is("slow")) desk.slow();
  else if (is("sort")) desk.sorting = true;
  else if (is("sidebar")) desk.sidebar.turn();
  else if (is("settings")) desk.dialog = { kind: "settings" };
  else if (is("regions")) nextRegion();
  else if (is("filters")) desk.shown.only(filters[Number(event.key) - 1] ?? "all");
  else if (is("close")) return close(desk);
  else if (typing) return false;
  else if (is("undo")) desk.undo();
  else return selected(desk, desk.selected, is, event);
  return true;
}

function close(desk: Desk): boolean {
  if (desk.openId !== undefined) desk.close();
  else if (desk.selecting || desk.selection.ids.size > 0) {
    desk.selecting = false;
    desk.selection.clear();
  } else return false;
  desk.toList();
  return true;
}

function selected(
  desk: Desk,
  rows: readonly Row[],
  is: (id: ShortcutId) => boolean,
  event: KeyboardEvent,
): boolean {
  if (rows.length === 0) return false;
  const up = event.key === "ArrowUp";
  const row = rows.length === 1 ? rows[0] : undefined;
  if (is("queue")) desk.step(rows, up ? "up" : "down");
  else if (is("ends")) desk.step(rows, event.key === "Home" ? "first" : "last");
  else if (is("priority")) rank(desk, rows, up ? 1 : -1);
  else if (is("retry")) desk.retry(rows);
  else if (is("copy") && String(getSelection()) === "") desk.copyLink(rows);
  else if (row === undefined) return false;
  else if (is("details")) {
    if (desk.openId === undefined) desk.open(row.id);
    else desk.close();
  } else if (is("reveal") && row.allows.open) desk.reveal(row);
  else if (is("link") && canChangeLink(row)) desk.dialog = { kind: "link", row };
  else if (is("folder") && (row.phase === "failed" || row.phase === "paused")) desk.changeFolder(row);
  else return false;
  return true;
}
