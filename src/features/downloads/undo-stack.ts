// The last action that can be undone, for as long as its message is shown. Holds one action, because the core holds back
// one removal. Knows neither rows nor the core.
import type { Announcer } from "../../lib/announcer.svelte.ts";
import type { Toasts } from "../../lib/toasts.svelte.ts";
import { m } from "../../paraglide/messages.js";

/** The core carries out a removal after 8 s; undo is offered for slightly less. In milliseconds. */
const undoTime = 7_500;

export class UndoStack {
  #toasts: Toasts;
  #announcer: Announcer;
  #last: { revert: () => void; toast: number } | undefined;

  constructor(toasts: Toasts, announcer: Announcer) {
    this.#toasts = toasts;
    this.#announcer = announcer;
  }

  /** Announces an action as `title`, with a button that undoes it by `revert`. It replaces the action before. */
  push(title: string, revert: () => void): void {
    const action = { label: m.common_undo(), run: () => this.undo() };
    const toast = this.#toasts.show({ tone: "plain", title, text: "", action }, undoTime);
    this.#last = { revert, toast };
    this.#announcer.say(title);
  }

  /** Undoes the last action, once, and only while its message is shown; the message closes. */
  undo(): void {
    const last = this.#last;
    if (last === undefined || !this.#toasts.all.some((toast) => toast.key === last.toast)) return;
    this.#last = undefined;
    this.#toasts.dismiss(last.toast);
    last.revert();
  }
}
