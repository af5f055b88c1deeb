// The last removal, for as long as it can be undone. Does not depend on rows, selection or the core.
import type { Toasts } from "../../lib/toasts.svelte.ts";
import { m } from "../../paraglide/messages.js";

/** The core carries out a removal after 8 s; undo is offered for slightly less. In milliseconds. */
const undoTime = 7_500;

export class RemovalUndo {
  #toasts: Toasts;
  #last: { ids: number[]; toast: number } | undefined;

  constructor(toasts: Toasts) {
    this.#toasts = toasts;
  }

  /** Shows `title` with a button that calls `undo`. It replaces the removal before. */
  offer(ids: number[], title: string, undo: () => void): void {
    const action = { label: m.common_undo(), run: undo };
    const toast = this.#toasts.show({ tone: "plain", title, text: m.window_undo_hint(), action }, undoTime);
    this.#last = { ids, toast };
  }

  /** The ids of the last removal, once, and only while its message is shown; the message closes. */
  take(): number[] | undefined {
    const last = this.#last;
    if (last === undefined || !this.#toasts.all.some((toast) => toast.key === last.toast)) return undefined;
    this.#last = undefined;
    this.#toasts.dismiss(last.toast);
    return last.ids;
  }
}
