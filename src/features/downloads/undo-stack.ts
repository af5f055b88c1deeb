// The actions that can be undone, each for as long as its message is shown. Knows neither rows nor the core.
import type { Announcer } from "../../lib/announcer.svelte.ts";
import type { Toasts } from "../../lib/toasts.svelte.ts";
import { m } from "../../paraglide/messages.js";

/** How long undo is offered, and how long at most while its message is held; in ms. The core waits for 30 s. */
const undoTime = { time: 10_000, most: 28_000 };

export class UndoStack {
  #toasts: Toasts;
  #announcer: Announcer;
  /** By the keys of their messages, the latest last. */
  readonly #reverts = new Map<number, () => void>();

  constructor(toasts: Toasts, announcer: Announcer) {
    this.#toasts = toasts;
    this.#announcer = announcer;
  }

  /** Shows an action as `title` and says it as `said`, with a button that undoes this one by `revert`. */
  push(title: string, revert: () => void, said = title): void {
    const action = { label: m.common_undo(), run: () => this.#revert(key) };
    const key = this.#toasts.show({ tone: "plain", title, text: "", action, pending: true }, undoTime);
    this.#reverts.set(key, revert);
    this.#announcer.say(said);
  }

  /** Undoes the latest action whose message is shown; the message closes. */
  undo(): void {
    const shown = new Set(this.#toasts.all.map((toast) => toast.key));
    for (const key of this.#reverts.keys()) if (!shown.has(key)) this.#reverts.delete(key);
    const latest = [...this.#reverts.keys()].at(-1);
    if (latest !== undefined) this.#revert(latest);
  }

  #revert(key: number): void {
    const revert = this.#reverts.get(key);
    if (!this.#reverts.delete(key)) return;
    this.#toasts.dismiss(key);
    revert?.();
  }
}
