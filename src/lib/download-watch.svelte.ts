// The channels of one download, for the details: the latest events and log lines, bounded. A watch is a lease on a
// view; ending it does not change the download. Knows no list.
import * as api from "./api.ts";
import type { DownloadEvent, DownloadOptions, LogBatch, LogLine } from "./api.ts";

const eventsKept = 200;
const linesKept = 500;

/** An event with its time of arrival and the number of bytes received after it. */
export type SeenEvent = { key: number; at: number; event: DownloadEvent; received: number };

/** One watched download. Created by `DownloadWatch`. */
class WatchState {
  id: number | undefined;
  events = $state.raw<readonly SeenEvent[]>([]);
  lines = $state.raw<readonly LogLine[]>([]);
  /** Number of log lines that are no longer kept. */
  dropped = $state(0);
  readonly onEvent = new api.Lease<DownloadEvent>((event) => this.#event(event));
  readonly onLog = new api.Lease<LogBatch>((batch) => this.#log(batch));
  #received = 0;
  #count = 0;

  /** Unregisters the callbacks. */
  forget(): void {
    this.onEvent.release();
    this.onLog.release();
  }

  end(): void {
    this.forget();
    if (this.id !== undefined) api.unwatch(this.id).catch(() => undefined);
  }

  #event(event: DownloadEvent): void {
    if (event.event === "started" || event.event === "restarted") this.#received = event.data.received;
    if (event.event === "progress") this.#received += event.data.chunkLength;
    this.#count += 1;
    const seen = { key: this.#count, at: Date.now(), event, received: this.#received };
    this.events = [seen, ...this.events.slice(0, eventsKept - 1)];
  }

  #log(batch: LogBatch): void {
    const lines = [...this.lines, ...batch.lines];
    const over = Math.max(0, lines.length - linesKept);
    this.dropped += batch.dropped + over;
    this.lines = over > 0 ? lines.slice(over) : lines;
  }
}

export class DownloadWatch {
  #now = $state.raw<WatchState | undefined>();

  get id(): number | undefined {
    return this.#now?.id;
  }
  get events(): readonly SeenEvent[] {
    return this.#now?.events ?? [];
  }
  get lines(): readonly LogLine[] {
    return this.#now?.lines ?? [];
  }
  get dropped(): number {
    return this.#now?.dropped ?? 0;
  }

  /** Watches `id` and ends the previous watch. */
  async open(id: number): Promise<void> {
    if (this.#now?.id === id) return;
    this.close();
    const watched = new WatchState();
    watched.id = id;
    this.#now = watched;
    try {
      await api.watch(id, watched.onEvent, watched.onLog);
    } catch (error) {
      if (this.#now === watched) this.close();
      throw error;
    }
  }

  /** Restarts the watch on new channels; the core sends its history again. */
  async reopen(): Promise<void> {
    const id = this.#now?.id;
    if (id === undefined) return;
    // The new lease replaces the old one in the core, so the old one need not be ended.
    this.#now?.forget();
    this.#now = undefined;
    await this.open(id);
  }

  /**
   * Adds a download with its channels from the first event on; `keep` says whether it stays watched. It takes the place of
   * `replaced`, if that is given.
   */
  async add(url: string, options: DownloadOptions, keep: boolean, replaced?: number): Promise<number> {
    const watched = new WatchState();
    try {
      const { onEvent, onLog } = watched;
      const id = await (replaced === undefined
        ? api.download(url, options, onEvent, onLog)
        : api.replace(replaced, url, options, onEvent, onLog));
      watched.id = id;
      if (keep) {
        this.close();
        this.#now = watched;
      } else {
        watched.end();
      }
      return id;
    } catch (error) {
      watched.end();
      throw error;
    }
  }

  close = (): void => {
    this.#now?.end();
    this.#now = undefined;
  };
}
