// Free space of the disk with the download folder, as the core last measured it. Asks only while a view reads it and the
// window is visible.
import { createSubscriber } from "svelte/reactivity";
import * as api from "./api.ts";

/** In ms. */
const interval = 5_000;

export class FreeSpace {
  #bytes: number | null = null;
  #asking = false;
  #askedAt = -Infinity;
  #subscribe = createSubscriber((update) => {
    const ask = async (): Promise<void> => {
      if (this.#asking || document.visibilityState === "hidden") return;
      if (performance.now() - this.#askedAt < interval) return;
      this.#asking = true;
      this.#askedAt = performance.now();
      const bytes = await api.freeSpace().catch(() => null);
      this.#asking = false;
      if (bytes === this.#bytes) return;
      this.#bytes = bytes;
      update();
    };
    const now = (): void => void ask();
    const timer = setInterval(now, interval);
    document.addEventListener("visibilitychange", now);
    now();
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", now);
    };
  });

  /** Null while it is unknown. */
  get bytes(): number | null {
    this.#subscribe();
    return this.#bytes;
  }
}
