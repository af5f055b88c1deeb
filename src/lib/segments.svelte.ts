// Segments of the downloads that show them, polled once per second and only while the page is visible. Knows no
// component.
import * as api from "./api.ts";
import type { Segments } from "./api.ts";

const pollInterval = 1_000;
/** Further downloads are polled once one of the earlier ones has left the screen. */
const maxRequestsPerSecond = 8;

export class SegmentMaps {
  #maps = $state.raw<ReadonlyMap<number, Segments>>(new Map());
  /** Number of views per download. */
  #views = new Map<number, number>();
  #timer: ReturnType<typeof setInterval> | undefined;

  of(id: number): Segments | undefined {
    return this.#maps.get(id);
  }

  /** Adds a view of this download; returns a function that removes it. */
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
      // A download that was just removed has no segments; the bar still shows the received amount.
    }
  }
}
