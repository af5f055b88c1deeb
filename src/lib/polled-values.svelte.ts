// Values that the core keeps of each download, polled once per second while they are on the screen and the page is
// visible. Knows no component.

const pollInterval = 1_000;
/** Further downloads are polled once one of the earlier ones has left the screen. */
const maxRequestsPerSecond = 8;

export class PolledValues<T> {
  #values = $state.raw<ReadonlyMap<number, T>>(new Map());
  /** Number of views per download. */
  #views = new Map<number, number>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #fetch: (id: number) => Promise<T>;

  constructor(fetch: (id: number) => Promise<T>) {
    this.#fetch = fetch;
  }

  of(id: number): T | undefined {
    return this.#values.get(id);
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
    if (this.#values.has(id)) this.#values = new Map([...this.#values].filter(([other]) => other !== id));
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
      const value = await this.#fetch(id);
      if (this.#views.has(id)) this.#values = new Map([...this.#values, [id, value]]);
    } catch {
      // A download that was just removed has none; the row still shows the rest.
    }
  }
}
