// Offers a copied link when the window gets the focus, if the user has switched that on. Nothing is asked of a server
// before a press. Knows the core's commands, no markup.
import * as api from "../../lib/api.ts";
import type { Row, Settings } from "../../lib/api.ts";
import { looksLikeLink, parseInput } from "../../lib/input/parse-input.ts";
import type { Toasts } from "../../lib/toasts.svelte.ts";
import { m } from "../../paraglide/messages.js";

/** How long the offer is shown, in ms. */
const offerTime = 12_000;

type Dependencies = {
  rows: () => readonly Row[];
  settings: { readonly now: Settings | undefined };
  toasts: Toasts;
  /** Whether a dialog is open, where the user is busy with something else. */
  isBusy: () => boolean;
  /** Opens the add dialog with these links. */
  add: (links: string) => void;
};

export class ClipboardWatch {
  #deps: Dependencies;
  /** What was offered last, or was there before the watch was switched on. */
  #last: string | undefined;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  start(): () => void {
    const look = (): void => void this.look();
    window.addEventListener("focus", look);
    return () => window.removeEventListener("focus", look);
  }

  /** To be called when the watch is switched on: what is in the clipboard now is not offered. */
  async remember(): Promise<void> {
    this.#last = (await api.clipboard().catch(() => "")).trim();
  }

  /** Reads the clipboard once, and offers a link in it that is new. */
  async look(): Promise<void> {
    const { settings, isBusy, rows, toasts, add } = this.#deps;
    if (settings.now?.watchClipboard !== true || isBusy()) return;
    const text = (await api.clipboard().catch(() => "")).trim();
    if (text === this.#last) return;
    const first = this.#last === undefined;
    this.#last = text;
    if (first || !looksLikeLink(text) || isBusy()) return;
    const { links } = parseInput(text, true);
    if (links.every(({ url }) => rows().some((row) => row.url === url))) return;
    const [only] = links;
    const title =
      links.length === 1 && only !== undefined
        ? m.adding_copied({ name: nameOf(only.url) })
        : m.adding_copied_many({ count: links.length });
    const action = { label: m.adding_start(), run: () => add(text) };
    toasts.show({ tone: "plain", title, text: "", action }, { time: offerTime });
  }
}

/** The last part of the link's path, else its host. */
function nameOf(url: string): string {
  const { pathname, host } = new URL(url);
  const last = pathname.split("/").findLast((part) => part !== "") ?? host;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
