// What the history dialog shows: entries by pages and by search, and the bytes received. Knows no markup.
import * as api from "../../lib/api.ts";
import type { HistoryItem, TrafficReport } from "../../lib/api.ts";
import { errorText } from "../../lib/labels.ts";
import { m } from "../../paraglide/messages.js";

/** Searching begins when the typing rests for so many ms. */
const rest = 200;

export class HistoryView {
  items = $state.raw<readonly HistoryItem[]>([]);
  traffic = $state.raw<TrafficReport | undefined>();
  more = $state(false);
  loaded = $state(false);
  search = $state("");
  told = $state("");
  failed = $state(false);
  /** Counts the questions: only the answer to the last one is shown. */
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  async load(): Promise<void> {
    await this.#attempt(async () => {
      this.traffic = await api.traffic();
    });
    await this.#ask(0);
  }

  find(text: string): void {
    this.search = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(0), rest);
  }

  next(): Promise<void> {
    return this.#ask(this.items.length);
  }

  restore(item: HistoryItem): Promise<void> {
    return this.#attempt(async () => {
      await api.restoreHistory([item.id]);
      this.told = m.data_history_restored(item);
    });
  }

  clear(): Promise<void> {
    return this.#attempt(async () => {
      await api.clearHistory();
      this.traffic = undefined;
      await this.#ask(0);
      this.told = m.data_history_cleared();
    });
  }

  #ask(first: number): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    return this.#attempt(async () => {
      const page = await api.history(this.search.trim(), first);
      if (mine !== this.#asked) return;
      this.items = first === 0 ? page.items : [...this.items, ...page.items];
      this.more = page.more;
      this.loaded = true;
    });
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.failed = false;
    this.told = "";
    try {
      await work();
    } catch (error) {
      this.failed = true;
      this.told = errorText(api.toIpcError(error));
    }
  }
}
