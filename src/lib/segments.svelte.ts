// Which parts of a file are here, pulled once a second for the downloads whose parts are on the screen, and only while
// somebody looks at the page. Knows no component.
import * as api from "./api.ts";
import type { Segments } from "./api.ts";

const pollInterval = 1_000;
/** Further downloads are polled once one of the earlier ones has left the screen. */
const maxRequestsPerSecond = 8;

export class SegmentMaps {
  #maps = $state.raw<ReadonlyMap<number, Segments>>(new Map());
  /** How many views of each download there are. */
  #views = new Map<number, number>();
  #timer: ReturnType<typeof setInterval> | undefined;

  of(id: number): Segments | undefined {
    return this.#maps.get(id);
  }

  /** A view of this download is on the screen; returns what ends that. */
  show(id: number): () => void {
    this.#views.set(id, (this.#views.get(id) ?? 0) + 1);
    if (this.#timer === undefined) this.#timer = setInterval(this.#pull, pollInterval);
    void this.#poll(id);
    return () => {
      const left = (this.#views.get(id) ?? 1) - 1;
      if (left > 0) this.#views.set(id, left);
      else this.#forget(id);
    };
  }

  #forget(id: number): void {
    this.#views.delete(id);
    if (this.#maps.has(id)) this.#maps = new Map([...this.#maps].filter(([other]) => other !== id));
    if (this.#views.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #pull = (): void => {
    if (document.visibilityState !== "visible") return;
    for (const id of [...this.#views.keys()].slice(0, maxRequestsPerSecond)) void this.#poll(id);
  };

  async #poll(id: number): Promise<void> {
    try {
      const map = await api.segments(id);
      if (this.#views.has(id)) this.#maps = new Map([...this.#maps, [id, map]]);
    } catch {
      // A download that has just left has no parts; the bar still says how much is here.
    }
  }
}
