// Where the keyboard focus belongs when nothing else has it: the list, or its empty state. Knows neither of them.
import { tick } from "svelte";
import type { Dialogs } from "./dialogs.svelte.ts";

const nowhere = (): void => undefined;

export class ListFocus {
  #dialogs: Dialogs;
  #focus = nowhere;
  #reveal: (id: number) => void = nowhere;
  #mounted = false;

  constructor(dialogs: Dialogs) {
    this.#dialogs = dialogs;
  }

  /** Moves the focus back to the list. */
  restore(): void {
    this.#focus();
  }

  /** Moves the focus back to the list, and scrolls to a row once it is shown. */
  reveal(id: number): void {
    this.restore();
    void tick().then(() => this.#reveal(id));
  }

  /**
   * Called by the mounted list or empty state, with what focuses it (and scrolls to a row): the first runs immediately if it replaced a view that
   * had the focus. Returns a function to call when it is unmounted.
   */
  register(focus: () => void, reveal: (id: number) => void = nowhere): () => void {
    const again = this.#mounted;
    this.#mounted = true;
    this.#focus = focus;
    this.#reveal = reveal;
    void tick().then(() => {
      if (again && this.#dialogs.current === undefined && document.activeElement === document.body) focus();
    });
    return () => {
      if (this.#focus !== focus) return;
      this.#focus = nowhere;
      this.#reveal = nowhere;
    };
  }
}
