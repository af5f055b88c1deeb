// Which parts of a file are here, pulled once a second for the downloads whose parts are on the screen, and only while
// somebody looks at the page. Knows no component.
import * as api from "./api.ts";
import type { Segments } from "./api.ts";

const every = 1_000;
/** A second has room for so many questions; what comes later waits until one of the earlier is gone. */
const most = 8;

export class Maps {
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
    if (this.#timer === undefined) this.#timer = setInterval(this.#pull, every);
    void this.#ask(id);
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
    for (const id of [...this.#views.keys()].slice(0, most)) void this.#ask(id);
  };

  async #ask(id: number): Promise<void> {
    try {
      const map = await api.segments(id);
      if (this.#views.has(id)) this.#maps = new Map([...this.#maps, [id, map]]);
    } catch {
      // A download that has just left has no parts; the bar still says how much is here.
    }
  }
}
