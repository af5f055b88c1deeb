// What the list already has of the link in the add dialog, told while the user still types. Asks no server. Knows no field.
import * as api from "../../lib/api.ts";
import type { Duplicate } from "../../lib/api.ts";

/** Debounce while typing; in ms. */
const typingDelay = 300;

export class DuplicateCheck {
  found = $state.raw<readonly Duplicate[]>([]);
  #key = "";
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Looks for `url`, and for `name` in the folder; at most once for the same question. */
  ask(url: string, name: string | null, folder: string | null): void {
    const key = JSON.stringify([url, name, folder]);
    if (key === this.#key) return;
    this.stop();
    this.#key = key;
    const turn = this.#turn;
    this.#timer = setTimeout(() => {
      api.same(url, name, folder).then(
        (found) => {
          if (turn === this.#turn) this.found = found;
        },
        // The question is asked again before the download is added, and a failure is told then.
        () => undefined,
      );
    }, typingDelay);
  }

  /** Forgets the link and ignores outstanding answers. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.#key = "";
    this.found = [];
  }
}
