// All keyboard shortcuts of the window: the keys, their names in menus and in the shortcut sheet, and their
// descriptions. Does not depend on the actions.
import { m } from "../paraglide/messages.js";

export type Shortcut = {
  /** Written like `Ctrl+Shift+P`; any of them triggers it. Command counts as Ctrl, so that it works on a Mac too. */
  keys: readonly string[];
  group: "window" | "list" | "selected";
  words: () => string;
};

export const shortcuts = {
  add: { keys: ["Ctrl+N"], group: "window", words: m.window_add_download },
  paste: { keys: ["Ctrl+V"], group: "window", words: m.window_key_paste },
  search: { keys: ["Ctrl+F"], group: "window", words: m.window_search },
  palette: { keys: ["Ctrl+K"], group: "window", words: m.commands_palette },
  sort: { keys: ["Ctrl+S"], group: "window", words: m.window_sort },
  filters: { keys: ["Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4", "Ctrl+5", "Ctrl+6"], group: "window", words: m.window_key_filters }, // prettier-ignore
  pauseAll: { keys: ["Ctrl+P"], group: "window", words: m.window_pause_all },
  resumeAll: { keys: ["Ctrl+Shift+P"], group: "window", words: m.window_resume_all },
  slow: { keys: ["Ctrl+T"], group: "window", words: m.window_slow },
  undo: { keys: ["Ctrl+Z"], group: "window", words: m.window_key_undo_remove },
  settings: { keys: ["Ctrl+,"], group: "window", words: m.settings_title },
  sidebar: { keys: ["Ctrl+B"], group: "window", words: m.window_sidebar },
  regions: { keys: ["F6"], group: "window", words: m.window_key_regions },
  close: { keys: ["Escape"], group: "window", words: m.window_key_close },
  sheet: { keys: ["F1", "?"], group: "window", words: m.window_shortcuts },
  move: { keys: ["↑", "↓", "Home", "End"], group: "list", words: m.window_key_move },
  extend: { keys: ["Shift+↑", "Shift+↓"], group: "list", words: m.window_key_extend },
  all: { keys: ["Ctrl+A"], group: "list", words: m.window_select_all },
  enter: { keys: ["Enter"], group: "list", words: m.window_key_enter },
  details: { keys: ["Ctrl+I"], group: "list", words: m.window_key_details },
  toggle: { keys: ["Space"], group: "selected", words: m.window_key_space },
  remove: { keys: ["Delete"], group: "selected", words: m.common_remove },
  menu: { keys: ["Shift+F10", "Menu"], group: "selected", words: m.window_key_menu },
  retry: { keys: ["Ctrl+R"], group: "selected", words: m.common_retry },
  reveal: { keys: ["Ctrl+E"], group: "selected", words: m.common_show_in_folder },
  copy: { keys: ["Ctrl+C"], group: "selected", words: m.window_copy_link },
  link: { keys: ["Ctrl+L"], group: "selected", words: m.window_change_link },
  folder: { keys: ["Ctrl+D"], group: "selected", words: m.window_change_folder },
  queue: { keys: ["Alt+↑", "Alt+↓"], group: "selected", words: m.window_key_queue },
  ends: { keys: ["Alt+Home", "Alt+End"], group: "selected", words: m.window_key_ends },
  priority: { keys: ["Ctrl+Shift+↑", "Ctrl+Shift+↓"], group: "selected", words: m.window_key_priority },
} as const satisfies Record<string, Shortcut>;

export type ShortcutId = keyof typeof shortcuts;

const names: Record<string, string> = { "↑": "ArrowUp", "↓": "ArrowDown", Space: " ", Menu: "ContextMenu" };
/** Shift produces another character here, and that character is compared. */
const shifted = new Set(["?"]);

/** Whether the event is exactly this combination. */
export function pressed(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split("+");
  const last = parts.at(-1) ?? "";
  const key = (names[last] ?? last).toLowerCase();
  return (
    event.key.toLowerCase() === key &&
    (event.ctrlKey || event.metaKey) === parts.includes("Ctrl") &&
    event.altKey === parts.includes("Alt") &&
    (shifted.has(last) || event.shiftKey === parts.includes("Shift"))
  );
}

export const isShortcut = (event: KeyboardEvent, id: ShortcutId): boolean =>
  shortcuts[id].keys.some((keys) => pressed(event, keys));

const words: Record<string, () => string> = {
  Ctrl: m.window_key_name_ctrl,
  Shift: m.window_key_name_shift,
  Alt: m.window_key_name_alt,
  Delete: m.window_key_name_delete,
  Space: m.window_key_name_space,
  Enter: m.window_key_name_enter,
  Escape: m.window_key_name_escape,
  Home: m.window_key_name_home,
  End: m.window_key_name_end,
  Menu: m.window_key_name_menu,
};

/** The keys of one combination as printed on a keyboard. */
export const keyNames = (keys: string): string[] => keys.split("+").map((key) => words[key]?.() ?? key);

/** The first combination, for a menu. */
export const keysOf = (id: ShortcutId): string => keyNames(shortcuts[id].keys[0]).join("+");
