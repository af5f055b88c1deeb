// Shortcuts that work wherever the focus is. Those of the list alone are in List.svelte.
import type { Priority, Row } from "../../lib/api.ts";
import { isShortcut, type ShortcutId } from "../../lib/shortcuts.ts";
import { filters } from "../../lib/filters.ts";
import type { ListQuery } from "../../lib/list-query.svelte.ts";
import type { Selection } from "../../lib/selection.svelte.ts";
import type { Sidebar } from "../../lib/sidebar.svelte.ts";
import type { DetailsPane } from "./details-pane.svelte.ts";
import type { Dialogs } from "./dialogs.svelte.ts";
import type { DownloadActions } from "./download-actions.ts";
import type { ListFocus } from "./list-focus.ts";
import type { UndoStack } from "./undo-stack.ts";

/** What the shortcuts act on. */
type Targets = {
  actions: DownloadActions;
  dialogs: Dialogs;
  details: DetailsPane;
  selection: Selection;
  query: ListQuery;
  sidebar: Sidebar;
  undo: UndoStack;
  listFocus: ListFocus;
};

type Around = {
  /** The focus is in a text field, whose own keys take precedence. */
  typing: boolean;
  find: () => void;
};

const ranks: readonly Priority[] = ["low", "normal", "high"];

/** Raises or lowers the priority by one step, starting from the first row's. */
function rank(actions: DownloadActions, rows: readonly Row[], by: 1 | -1): void {
  const now = ranks.indexOf(rows[0]?.priority ?? "normal");
  const priority = ranks[now + by];
  if (priority !== undefined) actions.setPriority(rows, priority);
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
export function handleKey(targets: Targets, event: KeyboardEvent, { typing, find }: Around): boolean {
  const { actions, dialogs, query, sidebar, undo } = targets;
  const is = (id: ShortcutId): boolean => isShortcut(event, id);
  if (is("add")) dialogs.open({ kind: "add", links: "" });
  else if (is("search")) find();
  else if (is("palette")) dialogs.open({ kind: "palette" });
  else if (event.key === "F1" || (is("sheet") && !typing)) dialogs.open({ kind: "shortcuts" });
  else if (is("pauseAll")) actions.pauseAll();
  else if (is("resumeAll")) actions.resumeAll();
  else if (is("slow")) actions.toggleSlowMode();
  else if (is("sort")) dialogs.sortMenu = true;
  else if (is("sidebar")) sidebar.toggle();
  else if (is("settings")) dialogs.open({ kind: "settings" });
  else if (is("regions")) nextRegion();
  else if (is("filters")) query.showStatus(filters[Number(event.key) - 1] ?? "all");
  else if (is("close")) return close(targets);
  else if (typing) return false;
  else if (is("undo")) undo.undo();
  else if (is("details"))
    targets.details.toggle(targets.selection.rows.length > 0 ? targets.selection.cursor : undefined);
  else return selected(targets, is, event);
  return true;
}

function close({ details, selection, listFocus }: Targets): boolean {
  if (document.querySelector(".pane, [data-testid=details]") !== null) details.close();
  else if (selection.tapSelects || selection.ids.size > 0) selection.end();
  else return false;
  listFocus.restore();
  return true;
}

function selected(targets: Targets, is: (id: ShortcutId) => boolean, event: KeyboardEvent): boolean {
  const { actions, dialogs, selection } = targets;
  const { rows } = selection;
  if (rows.length === 0) return false;
  const up = event.key === "ArrowUp";
  const row = rows.length === 1 ? rows[0] : undefined;
  if (is("queue")) actions.step(rows, up ? "up" : "down");
  else if (is("ends")) actions.step(rows, event.key === "Home" ? "first" : "last");
  else if (is("priority")) rank(actions, rows, up ? 1 : -1);
  else if (is("retry")) actions.retry(rows);
  else if (is("copy") && String(getSelection()) === "") actions.copyLink(rows);
  else if (is("properties") && rows.length > 0) dialogs.open({ kind: "properties", rows });
  else if (row === undefined) return false;
  else if (is("reveal") && row.allows.open) actions.reveal(row);
  else if (is("rename") && row.allows.relocate) dialogs.open({ kind: "rename", row });
  else if (is("link") && row.allows.changeLink) dialogs.open({ kind: "link", row });
  else if (is("folder") && row.allows.changeFolder) actions.changeFolder(row);
  else return false;
  return true;
}
