// The actions for the selected downloads, as a list for menus. The core decides which are allowed (`allows`); this
// module has their order and labels.
import type { IconName } from "../../components/icons.ts";
import type { Priority, Row } from "../../lib/api.ts";
import type { Step } from "../../lib/queue-moves.ts";
import type { ShortcutId } from "../../lib/shortcuts.ts";
import { priorityLabels } from "../../lib/labels.ts";
import { m } from "../../paraglide/messages.js";
import type { Dialogs } from "./dialogs.svelte.ts";
import type { DownloadActions } from "./download-actions.ts";
import type { Removal } from "./removal.ts";

/** What the items of the menu run. */
type Runners = { actions: DownloadActions; removal: Removal; dialogs: Dialogs };

export type Action = {
  id: string;
  label: string;
  icon: IconName;
  keys?: ShortcutId;
  danger?: boolean;
  /** Starts a new group. */
  apart?: boolean;
  /** State of a radio item. */
  checked?: boolean;
  run: () => void;
};
/** A menu item or a submenu. */
export type MenuEntry =
  Action | { id: string; label: string; icon: IconName; apart?: boolean; entries: Action[] };

const steps: [Step, () => string, IconName][] = [
  ["first", m.window_move_first, "first"],
  ["up", m.window_move_up, "up"],
  ["down", m.window_move_down, "down"],
  ["last", m.window_move_last, "last"],
];
export const priorities: readonly Priority[] = ["high", "normal", "low"];
const priorityIcons: Record<Priority, IconName> = { high: "high", normal: "list", low: "low" };

function files({ actions }: Runners, row: Row): MenuEntry[] {
  if (!row.allows.open) return [];
  return [
    { id: "open", label: m.common_open(), icon: "open", keys: "enter", run: () => actions.openFile(row) },
    { id: "reveal", label: m.common_show_in_folder(), icon: "folder", keys: "reveal", run: () => actions.reveal(row) }, // prettier-ignore
  ];
}

function going({ actions }: Runners, rows: readonly Row[]): MenuEntry[] {
  const some = (test: (row: Row) => boolean): boolean => rows.some(test);
  const entries: MenuEntry[] = [];
  if (some((row) => row.allows.pause)) {
    entries.push({ id: "pause", label: m.common_pause(), icon: "pause", keys: "toggle", run: () => actions.pause(rows) }); // prettier-ignore
  }
  if (some((row) => row.allows.resume)) {
    entries.push({ id: "resume", label: m.common_resume(), icon: "play", keys: "toggle", run: () => actions.resume(rows) }); // prettier-ignore
  }
  if (some((row) => row.allows.retry)) {
    entries.push({ id: "retry", label: m.common_retry(), icon: "retry", keys: "retry", run: () => actions.retry(rows) }); // prettier-ignore
  }
  return entries;
}

function order({ actions }: Runners, rows: readonly Row[]): MenuEntry[] {
  const entries: MenuEntry[] = [];
  if (rows.some((row) => row.allows.setOptions)) {
    const all = priorities.map((priority) => ({
      id: `priority-${priority}`,
      label: priorityLabels[priority](),
      icon: priorityIcons[priority],
      checked: rows.every((row) => row.priority === priority),
      run: () => actions.setPriority(rows, priority),
    }));
    entries.push({ id: "priority", label: m.window_priority(), icon: "high", apart: true, entries: all });
  }
  if (rows.some((row) => row.place !== null)) {
    const all = steps.map(([step, label, icon]) => ({
      id: `move-${step}`,
      label: label(),
      icon,
      run: () => actions.step(rows, step),
    }));
    entries.push({ id: "queue", label: m.window_queue(), icon: "sort", entries: all });
  }
  return entries;
}

function places({ actions, dialogs }: Runners, row: Row): MenuEntry[] {
  const entries: MenuEntry[] = [];
  if (row.allows.changeLink) {
    const run = (): void => dialogs.open({ kind: "link", row });
    entries.push({ id: "link", label: m.window_change_link(), icon: "link", keys: "link", run });
  }
  if (row.allows.changeFolder) {
    const run = (): void => actions.changeFolder(row);
    entries.push({ id: "folder", label: m.window_change_folder(), icon: "folder", keys: "folder", run });
  }
  return entries;
}

/** The primary action first. */
export function actionsFor(runners: Runners, rows: readonly Row[]): MenuEntry[] {
  const row = rows.length === 1 ? rows[0] : undefined;
  const copy = (): void => runners.actions.copyLink(rows);
  return [
    ...(row === undefined ? [] : files(runners, row)),
    ...going(runners, rows),
    ...order(runners, rows),
    { id: "copy", label: m.window_copy_link(), icon: "copy", keys: "copy", apart: true, run: copy },
    ...(row === undefined ? [] : places(runners, row)),
    {
      id: "remove",
      label: rows.some((r) => r.phase === "done") ? m.window_remove_ask() : m.window_cancel_remove(),
      icon: "trash",
      keys: "remove",
      danger: true,
      apart: true,
      run: () => runners.removal.ask(rows),
    },
  ];
}
