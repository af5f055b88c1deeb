// Which dialog or menu is open, and links from elsewhere that wait for their turn. Knows no markup and no command.
import type { Offered, Row } from "../../lib/api.ts";
import type { SettingsPage } from "../../lib/settings-pages.ts";

export type Dialog =
  /**
   * `outside`: the links come from another program or a page; `offered` has the names and headers that came with them.
   */
  | { kind: "add"; links: string; outside?: boolean; offered?: readonly Offered[] }
  | { kind: "remove"; rows: readonly Row[] }
  | { kind: "link"; row: Row }
  | { kind: "rename"; row: Row }
  | { kind: "move"; row: Row }
  | { kind: "look"; row: Row }
  | { kind: "tags"; rows: readonly Row[] }
  | { kind: "properties"; rows: readonly Row[] }
  | { kind: "menu"; rows: readonly Row[] }
  | { kind: "filters" }
  | { kind: "speed" }
  | { kind: "shortcuts" }
  | { kind: "palette" }
  /** `page`: the settings page to show first. */
  | { kind: "settings"; page?: SettingsPage }
  /** Views of their own that the settings lead to. */
  | { kind: "history" }
  | { kind: "log" }
  | { kind: "licences" }
  | { kind: "welcome" };

export class Dialogs {
  /** The open dialog. */
  current = $state.raw<Dialog | undefined>();
  /** The way back inside of the open dialog, while it shows a view that covers another one. */
  stepBack = $state.raw<(() => void) | undefined>();
  /** Whether the sort menu is open. */
  sortMenu = $state(false);
  /** Links to add that come from elsewhere; an empty list opens the dialog for what the user has copied. */
  #offered = $state.raw<readonly Offered[] | null>(null);

  open(dialog: Dialog): void {
    this.current = dialog;
  }

  close(): void {
    this.current = undefined;
  }

  /** Takes links from elsewhere, for `showOffered`. */
  offer(links: readonly Offered[]): void {
    this.#offered = [...(this.#offered ?? []), ...links];
  }

  /** Shows the offered links in the add dialog once no other dialog is open. Adds nothing by itself. */
  showOffered(): void {
    if (this.current !== undefined || this.#offered === null) return;
    const links = this.#offered.map(({ url }) => url).join("\n");
    this.current = { kind: "add", links, outside: true, offered: this.#offered };
    this.#offered = null;
  }
}
