// Going back on a phone (a gesture or a button) closes what is on top first. Keeps one entry in the page's history for as
// long as something can be closed. Knows the history, not what is closed.

export class BackNavigation {
  #close: () => boolean;
  /** Our entry is the current one. */
  #ours = false;
  /** We went back ourselves: that is not a wish of the person. */
  #self = false;
  #wanted = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `close` closes the topmost thing, and says whether something is still left to close. */
  constructor(close: () => boolean) {
    this.#close = close;
  }

  /** Starts; returns what ends it. */
  start(): () => void {
    window.addEventListener("popstate", this.#popped);
    return () => {
      window.removeEventListener("popstate", this.#popped);
      clearTimeout(this.#timer);
    };
  }

  /** Whether there is something to close now. */
  wants(something: boolean): void {
    this.#wanted = something;
    clearTimeout(this.#timer);
    // An entry made now would be the one that our own way back takes away: it waits until that has ended.
    if (this.#self) return;
    if (something && !this.#ours) {
      history.pushState({ over: true }, "");
      this.#ours = true;
    } else if (!something && this.#ours) {
      // What closes often makes room for the next thing at once.
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
