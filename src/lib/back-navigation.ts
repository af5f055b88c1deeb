// Going back on a phone (gesture or button) closes the topmost view first. Keeps one history entry for as long as
// something can be closed. Knows the history, not what is closed.

export class BackNavigation {
  #close: () => boolean;
  /** Our entry is the current one. */
  #ours = false;
  /** `history.back()` was called by us: the popstate event is not a request of the user. */
  #self = false;
  #wanted = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `close` closes the topmost view and returns whether there is more to close. */
  constructor(close: () => boolean) {
    this.#close = close;
  }

  /** Starts; returns a function that stops it. */
  start(): () => void {
    window.addEventListener("popstate", this.#popped);
    return () => {
      window.removeEventListener("popstate", this.#popped);
      clearTimeout(this.#timer);
    };
  }

  /** Sets whether there is something to close now. */
  wants(something: boolean): void {
    this.#wanted = something;
    clearTimeout(this.#timer);
    // Our own `history.back()` would drop an entry pushed now: wait for its popstate event.
    if (this.#self) return;
    if (something && !this.#ours) {
      history.pushState({ over: true }, "");
      this.#ours = true;
    } else if (!something && this.#ours) {
      // Closing one view often opens the next one immediately.
      this.#timer = setTimeout(() => {
        this.#ours = false;
        this.#self = true;
        history.back();
      }, 50);
    }
  }

  #popped = (): void => {
    if (this.#self) {
      this.#self = false;
      this.wants(this.#wanted);
      return;
    }
    if (!this.#ours) return;
    this.#ours = false;
    this.wants(this.#close());
  };
}
