// What a menu offers, as data: what draws it is loaded late.
import type { IconName } from "./icons.ts";

type Entry = {
  /** Unique in the menu; of an item and of what opens a submenu also the test id. */
  id: string;
  label: string;
  /** With a line above, unless it is the first. */
  apart?: boolean | undefined;
};

export type MenuItem = Entry & {
  icon?: IconName;
  /** The shortcut, as shown. */
  keys?: string | undefined;
  /** State of a choice. */
  checked?: boolean | undefined;
  /** Shown at the end of a checked one. */
  mark?: IconName;
  disabled?: boolean;
  danger?: boolean | undefined;
  /** Leaves the menu open. */
  stays?: boolean;
  run: () => void;
};

/** The label of a group is for screen readers. */
type MenuGroup = Entry & { group: readonly MenuItem[] };
type Submenu = Entry & { icon: IconName; entries: readonly MenuItem[] };

export type MenuEntry = MenuItem | MenuGroup | Submenu;
