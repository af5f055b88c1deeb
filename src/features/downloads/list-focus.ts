// Where the keyboard focus belongs when nothing else has it: the list, or its empty state. Knows neither of them.
import { tick } from "svelte";
import type { Dialogs } from "./dialogs.svelte.ts";

const nowhere = (): void => undefined;

export class ListFocus {
  #dialogs: Dialogs;
  #focus = nowhere;
  #mounted = false;

  constructor(dialogs: Dialogs) {
    this.#dialogs = dialogs;
  }

  /** Moves the focus back to the list. */
  restore(): void {
    this.#focus();
  }

  /**
   * Called by the mounted list or empty state, with what focuses it: that runs immediately if it replaced a view that
   * had the focus. Returns a function to call when it is unmounted.
   */
  register(focus: () => void): () => void {
    const again = this.#mounted;
    this.#mounted = true;
    this.#focus = focus;
    void tick().then(() => {
      if (again && this.#dialogs.current === undefined && document.activeElement === document.body) focus();
    });
    return () => {
      if (this.#focus === focus) this.#focus = nowhere;
    };
  }
}
