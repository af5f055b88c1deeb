// What the command palette offers: the actions for the selected downloads, the commands of the window, the pages of the
// settings, and the downloads themselves by name. Knows no markup.
import type { IconName } from "../../components/icons.ts";
import { categoryLabels, filterLabels, sortLabels } from "../../lib/labels.ts";
import type { DownloadList } from "../../lib/list.svelte.ts";
import type { FileStates } from "../../lib/file-states.svelte.ts";
import { categories, filters } from "../../lib/filters.ts";
import type { ListQuery } from "../../lib/list-query.svelte.ts";
import type { Selection } from "../../lib/selection.svelte.ts";
import { sorts } from "../../lib/sort-orders.ts";
import type { SettingsPage } from "../../lib/settings-pages.ts";
import { type ShortcutId, shortcuts } from "../../lib/shortcuts.ts";
import type { Sidebar } from "../../lib/sidebar.svelte.ts";
import { m } from "../../paraglide/messages.js";
import { actionsFor } from "./actions.ts";
import type { DetailsPane } from "./details-pane.svelte.ts";
import type { Dialogs } from "./dialogs.svelte.ts";
import type { DownloadActions } from "./download-actions.ts";
import { filterIcons } from "./filter-items.ts";
import type { ListFocus } from "./list-focus.ts";
import type { Removal } from "./removal.ts";
import type { UndoStack } from "./undo-stack.ts";

export type Command = {
  /** Unique among all commands. */
  id: string;
  label: string;
  icon: IconName;
  keys?: ShortcutId;
  danger?: boolean;
  run: () => void;
};
export type CommandGroup = { id: string; label: string; commands: Command[] };
/** A page of the settings. */
export type PageName = { id: SettingsPage; name: () => string };

/** What the commands act on. */
export type CommandTargets = {
  list: DownloadList;
  query: ListQuery;
  selection: Selection;
  actions: DownloadActions;
  removal: Removal;
  files: FileStates;
  dialogs: Dialogs;
  details: DetailsPane;
  sidebar: Sidebar;
  undo: UndoStack;
  listFocus: ListFocus;
  /** Moves the focus to the search field of the list. */
  find: () => void;
};

/** Number of downloads that are offered by name. */
const maxDownloads = 20;

function selected({ actions, removal, files, dialogs, selection }: CommandTargets): Command[] {
  const { rows } = selection;
  if (rows.length === 0) return [];
  return actionsFor({ actions, removal, files, dialogs }, rows).flatMap((entry): Command[] =>
    "entries" in entry
      ? entry.entries.map((action) => ({
          ...action,
          id: `selected-${action.id}`,
          label: m.commands_of({ group: entry.label, action: action.label }),
        }))
      : [{ ...entry, id: `selected-${entry.id}` }],
  );
}

function ofWindow(targets: CommandTargets): Command[] {
  const { actions, dialogs, query, sidebar, undo, find } = targets;
  const command = (keys: ShortcutId, icon: IconName, run: () => void): Command => ({
    id: keys,
    label: shortcuts[keys].words(),
    icon,
    keys,
    run,
  });
  return [
    command("add", "plus", () => dialogs.open({ kind: "add", links: "" })),
    {
      id: "add-clipboard",
      label: m.commands_add_clipboard(),
      icon: "clipboard",
      run: () => actions.addFromClipboard(),
    },
    command("search", "search", find),
    command("pauseAll", "pause", () => actions.pauseAll()),
    command("resumeAll", "play", () => actions.resumeAll()),
    command("slow", "turtle", () => actions.toggleSlowMode()),
    command("undo", "undo", () => undo.undo()),
    command("sidebar", "sidebar", () => sidebar.toggle()),
    command("settings", "gear", () => dialogs.open({ kind: "settings" })),
    command("sheet", "keyboard", () => dialogs.open({ kind: "shortcuts" })),
    ...filters.map((filter): Command => ({
      id: `show-${filter}`,
      label: m.commands_show({ what: filterLabels[filter]() }),
      icon: filterIcons[filter],
      run: () => query.showOnly(filter),
    })),
    ...categories
      .filter((category) => query.counts.of("all", category) > 0)
      .map((category): Command => ({
        id: `show-${category}`,
        label: m.commands_show({ what: categoryLabels[category]() }),
        icon: category,
        run: () => query.showOnly("all", category),
      })),
    ...sorts.map((sort): Command => ({
      id: `sort-${sort}`,
      label: m.commands_sort({ what: sortLabels[sort]() }),
      icon: "sort",
      run: () => query.sortBy(sort),
    })),
  ];
}

/** Selects the download, opens its details, and scrolls to it. */
function jump({ query, selection, details, listFocus }: CommandTargets, id: number): void {
  if (!query.order.includes(id)) query.showAll();
  selection.selectOnly(id);
  details.open(id);
  listFocus.reveal(id);
}

const wordsOf = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);
const matches = (label: string, words: readonly string[]): boolean => {
  const text = label.toLowerCase();
  return words.every((word) => text.includes(word));
};

/** The groups with a command that has all words of `text`; the downloads only with a text. */
export function findCommands(
  targets: CommandTargets,
  pages: readonly PageName[],
  text: string,
): CommandGroup[] {
  const words = wordsOf(text);
  const { dialogs, list } = targets;
  const settings = pages.map(({ id, name }): Command => ({
    id: `settings-${id}`,
    label: m.commands_of({ group: m.settings_title(), action: name() }),
    icon: "gear",
    run: () => dialogs.open({ kind: "settings", page: id }),
  }));
  const groups: CommandGroup[] = [
    { id: "selected", label: m.window_keys_selected(), commands: selected(targets) },
    { id: "window", label: m.window_keys_window(), commands: ofWindow(targets) },
    { id: "settings", label: m.settings_title(), commands: settings },
  ];
  const found = groups.map((group) => ({
    ...group,
    commands: group.commands.filter(({ label }) => matches(label, words)),
  }));
  const downloads: Command[] = [];
  for (const row of words.length === 0 ? [] : list.rows) {
    if (!matches(row.name, words)) continue;
    downloads.push({
      id: `download-${row.id}`,
      label: row.name,
      icon: row.category,
      run: () => jump(targets, row.id),
    });
    if (downloads.length === maxDownloads) break;
  }
  found.push({ id: "downloads", label: m.window_downloads(), commands: downloads });
  return found.filter(({ commands }) => commands.length > 0);
}
