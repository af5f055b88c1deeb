// All keyboard shortcuts of the window: the keys, their names in menus and in the shortcut sheet, and their
// descriptions. Does not depend on the actions.
import { m } from "../paraglide/messages.js";

export type Shortcut = {
  /** Written like `Ctrl+Shift+P`; any of them triggers it. Command counts as Ctrl, so that it works on a Mac too. */
  keys: readonly string[];
  /** Those of a Mac, where they differ. */
  mac?: readonly string[];
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
  toggle: { keys: ["Space"], group: "selected", words: m.files_key_space },
  rename: { keys: ["F2"], group: "selected", words: m.files_key_rename },
  remove: {
    keys: ["Delete"],
    mac: ["Ctrl+Backspace", "Backspace", "Delete"],
    group: "selected",
    words: m.common_remove,
  },
  menu: { keys: ["Shift+F10", "Menu"], group: "selected", words: m.window_key_menu },
  retry: { keys: ["Ctrl+R"], group: "selected", words: m.common_retry },
  reveal: { keys: ["Ctrl+E"], group: "selected", words: m.common_show_in_folder },
  copy: { keys: ["Ctrl+C"], group: "selected", words: m.window_copy_link },
  link: { keys: ["Ctrl+L"], group: "selected", words: m.window_change_link },
  folder: { keys: ["Ctrl+D"], group: "selected", words: m.window_change_folder },
  queue: { keys: ["Alt+↑", "Alt+↓"], group: "selected", words: m.window_key_queue },
  ends: { keys: ["Alt+Home", "Alt+End"], group: "selected", words: m.window_key_ends },
  properties: { keys: ["Alt+Enter"], group: "selected", words: m.window_properties },
  priority: { keys: ["Ctrl+Shift+↑", "Ctrl+Shift+↓"], group: "selected", words: m.window_key_priority },
} as const satisfies Record<string, Shortcut>;

export type ShortcutId = keyof typeof shortcuts;

const names: Record<string, string> = { "↑": "ArrowUp", "↓": "ArrowDown", Space: " ", Menu: "ContextMenu" };
/** Shift produces another character here, and that character is compared. */
const shifted = new Set(["?"]);

/** Whether this is an Apple system, with its keys and their signs. */
const onMac = (): boolean => /^(Mac|iPhone|iPad)/.test(navigator.platform);

/** The combinations of a shortcut on this system. */
export const keysFor = ({ keys, mac }: Shortcut): readonly string[] => (onMac() ? (mac ?? keys) : keys);

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
  keysFor(shortcuts[id]).some((keys) => pressed(event, keys));

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

/** As Apple's menus write them; modifiers first, in this order. */
const signs: Record<string, string> = {
  Alt: "⌥",
  Shift: "⇧",
  Ctrl: "⌘",
  Backspace: "⌫",
  Delete: "⌦",
  Enter: "↩",
  Escape: "⎋",
  Home: "↖",
  End: "↘",
};
const signOrder = Object.keys(signs).slice(0, 3);

/** The keys of one combination as printed on a keyboard. */
export function keyNames(keys: string): string[] {
  const names = keys.split("+");
  if (!onMac()) return names.map((key) => words[key]?.() ?? key);
  const modifiers = signOrder.filter((key) => names.includes(key));
  const others = names.filter((key) => !modifiers.includes(key));
  return [...modifiers, ...others].map((key) => signs[key] ?? words[key]?.() ?? key);
}

/** What is between the keys of a combination. */
const keySeparator = (): string => (onMac() ? "" : "+");

/** The first combination, for a menu. */
export const keysOf = (id: ShortcutId): string =>
  keyNames(keysFor(shortcuts[id])[0] ?? "").join(keySeparator());
