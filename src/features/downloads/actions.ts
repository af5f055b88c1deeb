// The actions for the selected downloads, as a list for menus. The core decides which are allowed (`allows`); this
// module has their order and labels.
import type { IconName } from "../../components/icons.ts";
import type { Priority, Row } from "../../lib/api.ts";
import type { FileStates } from "../../lib/file-states.svelte.ts";
import type { Step } from "../../lib/queue-moves.ts";
import type { ShortcutId } from "../../lib/shortcuts.ts";
import { priorityLabels } from "../../lib/labels.ts";
import { proofOf } from "../../lib/proof.ts";
import { m } from "../../paraglide/messages.js";
import type { Dialogs } from "./dialogs.svelte.ts";
import type { DownloadActions } from "./download-actions.ts";
import type { Removal } from "./removal.ts";

/** What the items of the menu run. */
type Runners = { actions: DownloadActions; removal: Removal; dialogs: Dialogs; files: FileStates };

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
const priorities: readonly Priority[] = ["high", "normal", "low"];
const priorityIcons: Record<Priority, IconName> = { high: "high", normal: "list", low: "low" };

function files({ actions, dialogs, files: states }: Runners, row: Row): MenuEntry[] {
  if (!row.allows.open) return [];
  const { platform } = states;
  if (states.isMissing(row)) {
    return platform?.chooseFile === true
      ? [{ id: "locate", label: m.files_locate(), icon: "search", run: () => actions.locate(row) }]
      : [];
  }
  const entries: MenuEntry[] = [
    { id: "open", label: m.common_open(), icon: "open", keys: "enter", run: () => actions.openFile(row) },
  ];
  const look = (): void => dialogs.open({ kind: "look", row });
  entries.push({ id: "look", label: m.files_quick_look(), icon: "image", keys: "toggle", run: look });
  if (platform?.openWith === true) {
    entries.push({ id: "open-with", label: m.files_open_with(), icon: "program", run: () => actions.openWith(row) }); // prettier-ignore
  }
  // A phone shares the file instead of showing it in a folder.
  const [label, icon]: [string, IconName] =
    platform?.mobile === true ? [m.files_share(), "share"] : [m.common_show_in_folder(), "folder"];
  entries.push({ id: "reveal", label, icon, keys: "reveal", run: () => actions.reveal(row) });
  return entries;
}

/** Name and place of the file, and getting it again. */
function place({ actions, dialogs, files: states }: Runners, row: Row): MenuEntry[] {
  const entries: MenuEntry[] = [];
  if (row.allows.relocate && !states.isMissing(row)) {
    const rename = (): void => dialogs.open({ kind: "rename", row });
    const move = (): void => dialogs.open({ kind: "move", row });
    entries.push({ id: "rename", label: m.files_rename(), icon: "rename", keys: "rename", run: rename });
    if (states.platform?.chooseFolder === true) {
      entries.push({ id: "move", label: m.files_move(), icon: "folder", run: move });
    }
  }
  if (row.verifying !== null) {
    entries.push({ id: "verify-stop", label: m.verification_stop(), icon: "seal", run: () => actions.verifier.cancel(row) }); // prettier-ignore
  } else if (row.allows.verify && !states.isMissing(row)) {
    entries.push({ id: "verify", label: m.verification_do(), icon: "seal", run: () => actions.verifier.verify(row) }); // prettier-ignore
  }
  if (row.allows.downloadAgain) {
    entries.push({ id: "again", label: m.files_download_again(), icon: "retry", run: () => actions.downloadAgain([row]) }); // prettier-ignore
  }
  return entries;
}

function copies({ actions }: Runners, rows: readonly Row[]): Action[] {
  const copy: Action[] = [
    { id: "copy-link", label: m.files_copy_link(), icon: "link", keys: "copy", run: () => actions.copyLink(rows) }, // prettier-ignore
    { id: "copy-path", label: m.files_copy_path(), icon: "folder", run: () => actions.copyPath(rows) },
    { id: "copy-name", label: m.files_copy_name(), icon: "file", run: () => actions.copyName(rows) },
  ];
  const row = rows.length === 1 ? rows[0] : undefined;
  if (row !== undefined && proofOf(row)?.matches === true) {
    copy.push({ id: "copy-checksum", label: m.files_copy_checksum(), icon: "seal", run: () => actions.copyChecksum(row) }); // prettier-ignore
  }
  return copy;
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
    entries.push({ id: "priority", label: m.window_priority(), icon: "high", entries: all });
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

/** A group of its own. */
const apart = ([first, ...rest]: MenuEntry[]): MenuEntry[] =>
  first === undefined ? [] : [{ ...first, apart: true }, ...rest];

function properties({ dialogs }: Runners, rows: readonly Row[]): MenuEntry[] {
  const run = (): void => dialogs.open({ kind: "properties", rows });
  return [{ id: "properties", label: m.window_properties(), icon: "gear", keys: "properties", run }];
}

/** The primary action first. At most three groups: the file or the transfer; its settings; copying and removing. */
export function actionsFor(runners: Runners, rows: readonly Row[]): MenuEntry[] {
  const row = rows.length === 1 ? rows[0] : undefined;
  return [
    ...(row === undefined ? [] : files(runners, row)),
    ...going(runners, rows),
    ...apart([
      ...(row === undefined ? [] : place(runners, row)),
      ...order(runners, rows),
      ...(row === undefined ? [] : places(runners, row)),
      ...properties(runners, rows),
    ]),
    { id: "copy", label: m.files_copy(), icon: "copy", apart: true, entries: copies(runners, rows) },
    { id: "tags", label: m.table_tags_edit(), icon: "tag", run: () => runners.dialogs.open({ kind: "tags", rows }) }, // prettier-ignore
    {
      id: "remove",
      label: rows.some((r) => r.phase === "done") ? m.window_remove_ask() : m.window_cancel_remove(),
      icon: "trash",
      keys: "remove",
      danger: true,
      run: () => runners.removal.ask(rows),
    },
  ];
}
