// Client side of the list channel: attaches, pulls pages, applies frames, acknowledges rendered ones, reattaches when
// the core is unresponsive, and cleans up. Knows no component; does not depend on what the rows mean.
import * as api from "./api.ts";
import type { Activity, Frame, Row, Totals } from "./api.ts";
import { applyNumbers, type EarlyNumbers, find, merge, Pull, type Rows, removeRows } from "./rows.ts";

const nothing: Totals = { speed: 0, all: 0, active: 0, queued: 0, paused: 0, failed: 0, done: 0 };
const pageSize = 200;
/**
 * A visible page that receives nothing for this long reattaches; the core sends at least an empty frame per second. In
 * ms.
 */
const silence = 3_000;
const watchdogEvery = 500;
/** First retry delay after a refused attach: a core that has just started may not be ready; in ms. */
const againAfter = 50;
const againAtMost = 1_000;
/** A hidden page has no animation frames: it acknowledges by this timer; in ms. */
const hiddenAck = 250;
/** Minimum time between recounts: rows still to come in later frames make the counts differ for a moment. */
const recountEvery = 1_000;

/** While the user scrolls, the visible rows are reported to the core at most this often; in ms. */
const visibleInterval = 100;

/** Resolves once the next frame is on the screen, or immediately where there are none. */
const painted = (): Promise<void> =>
  new Promise((resolve) => {
    if (document.visibilityState !== "visible") resolve();
    else requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)));
  });

/** A changed row, for notifying the user. */
export type RowChange = { before: Row; after: Row };

/**
 * Callbacks: a row has another phase; it has another place in the queue; the channel was replaced, so other channels may
 * have lost messages too; extra data of a frame.
 */
export type ListListeners = {
  onRowChanged: (change: RowChange) => void;
  onRowMoved: (row: Row) => void;
  onReattached: () => void;
  onFrameExtras: (frame: Frame) => void;
};
const noListeners: ListListeners = {
  onRowChanged: () => undefined,
  onRowMoved: () => undefined,
  onReattached: () => undefined,
  onFrameExtras: () => undefined,
};

export class DownloadList {
  rows = $state.raw<Rows>([]);
  totals = $state.raw<Totals>(nothing);
  /** False until the first snapshot has arrived. */
  ready = $state(false);
  /** The core has not responded within the expected time. */
  lost = $state(false);

  /** Resolves after the first snapshot. */
  readonly attached: Promise<void>;
  #tellAttached: () => void = () => undefined;

  #session = "";
  #lease: api.Lease<Frame> | undefined;
  #pull: Pull | undefined;
  #pulled = 0;
  #gone = new Set<number>();
  #early: EarlyNumbers = new Map();
  #seq = 0;
  #heard = 0;
  #watchdog: ReturnType<typeof setInterval> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  /** Refused attempts since the last successful one. */
  #refusals = 0;
  #visible: readonly number[] = [];
  #visibleTimer: ReturnType<typeof setTimeout> | undefined;
  #listeners: ListListeners;

  constructor(listeners: Partial<ListListeners> = {}) {
    this.#listeners = { ...noListeners, ...listeners };
    this.attached = new Promise((resolve) => (this.#tellAttached = resolve));
  }

  /** Starts; returns a function that stops it. */
  start(): () => void {
    void this.#attach();
    this.#watchdog = setInterval(this.#listen, watchdogEvery);
    document.addEventListener("visibilitychange", this.#turned);
    window.addEventListener("focus", this.#activity);
    window.addEventListener("blur", this.#activity);
    window.addEventListener("pagehide", this.stop);
    return this.stop;
  }

  /** Detaches, as far as a page being unloaded can, and unregisters the callback. */
  stop = (): void => {
    clearInterval(this.#watchdog);
    clearTimeout(this.#visibleTimer);
    document.removeEventListener("visibilitychange", this.#turned);
    window.removeEventListener("focus", this.#activity);
    window.removeEventListener("blur", this.#activity);
    window.removeEventListener("pagehide", this.stop);
    const session = this.#session;
    this.#close();
    if (session !== "") api.detach(session).catch(() => undefined);
  };

  /**
   * Reports the rows on the screen to the core, which sends them first in its frames. Throttled while the user scrolls.
   */
  setVisible(rows: readonly Row[]): void {
    const seen = rows.map((row) => row.id);
    if (seen.length === this.#visible.length && seen.every((id, at) => id === this.#visible[at])) return;
    this.#visible = seen;
    if (this.#visibleTimer === undefined) this.#sendVisible();
  }

  #sendVisible(): void {
    const told = this.#visible;
    this.#activity();
    this.#visibleTimer = setTimeout(() => {
      this.#visibleTimer = undefined;
      if (this.#visible !== told) this.#sendVisible();
    }, visibleInterval);
  }

  #attach(): Promise<void> {
    // The response has to arrive within `silence`, too.
    this.#heard = performance.now();
    return this.#open();
  }

  async #open(): Promise<void> {
    this.#close();
    const session = crypto.randomUUID();
    const lease = new api.Lease<Frame>((frame) => this.#frame(session, frame));
    this.#session = session;
    this.#lease = lease;
    try {
      const first = await api.attach(session, lease);
      if (this.#session !== session) return;
      this.#hear();
      this.#gone.clear();
      this.#early.clear();
      this.totals = first.totals;
      this.#take(first.rows);
      if (this.ready) this.#listeners.onReattached();
      this.ready = true;
      this.#tellAttached();
      this.#pullAll(session, first);
      await api.ack(session, 0);
      this.#refusals = 0;
      this.#activity();
    } catch {
      if (this.#session !== session) return;
      // An immediate refusal means that the core is running. Without any response, the watchdog retries after
      // `silence`.
      const pause = Math.min(againAtMost, againAfter * 2 ** this.#refusals);
      this.#refusals += 1;
      this.#again = setTimeout(() => void this.#open(), pause);
    }
  }

  #close(): void {
    clearTimeout(this.#again);
    this.#lease?.release();
    this.#lease = undefined;
    this.#session = "";
    this.#seq = 0;
    this.#pull = undefined;
  }

  #frame(session: string, frame: Frame): void {
    if (session !== this.#session || frame.seq <= this.#seq) return;
    const lost = frame.seq !== this.#seq + 1;
    this.#seq = frame.seq;
    this.#hear();
    // Everything is read again, including restored rows.
    if (frame.resync) this.#gone.clear();
    for (const id of frame.removed) this.#gone.add(id);
    // A row in a frame exists, even if it was removed before: its removal was undone.
    for (const row of frame.rows) this.#gone.delete(row.id);
    this.#pull?.frame(frame.rows, frame.removed);
    this.totals = frame.totals;
    this.#take(frame.rows);
    this.rows = applyNumbers(this.rows, frame.numbers, this.#early);
    if (frame.removed.length > 0) this.rows = removeRows(this.rows, this.#gone);
    if (frame.resync || lost || this.#miscounted()) this.#pullAll(session);
    this.#listeners.onFrameExtras(frame);
    this.#acknowledge(session, frame.seq);
  }

  #hear(): void {
    this.#heard = performance.now();
    this.lost = false;
  }

  /** Merges rows and reports those whose phase changed. */
  #take(news: readonly Row[]): void {
    const before = this.rows;
    const after = merge(before, news, this.#gone, this.#early);
    if (after === before) return;
    this.rows = after;
    if (!this.ready) return;
    for (const { id } of news) {
      const [was, is] = [find(before, id), find(after, id)];
      if (was === undefined || is === undefined) continue;
      if (was.phase !== is.phase) this.#listeners.onRowChanged({ before: was, after: is });
      if (was.place !== is.place) this.#listeners.onRowMoved(is);
    }
  }

  /**
   * Between pulls the list has as many rows as the core reports, or a row was missed; checked at most every
   * `recountEvery`.
   */
  #miscounted(): boolean {
    if (this.#pull !== undefined || this.rows.length === this.totals.all) return false;
    return performance.now() - this.#pulled > recountEvery;
  }

  #pullAll(session: string, first?: api.Page): void {
    const pull = new Pull();
    this.#pull = pull;
    // Responses to earlier requests are ignored from here on, so none can restore a removed row.
    this.#gone.clear();
    void this.#pages(session, pull, first === undefined || pull.page(first));
  }

  async #pages(session: string, pull: Pull, more: boolean): Promise<void> {
    try {
      // Rows that have already arrived are rendered first.
      if (more) await painted();
      while (more) {
        const page = await api.page(session, pull.next, pageSize);
        // A newer pull or session has replaced this one.
        if (this.#pull !== pull) return;
        this.#take(page.rows);
        more = pull.page(page);
      }
      if (this.#pull !== pull) return;
      this.rows = pull.settle(this.rows);
    } catch (error) {
      this.#refused(session, error);
    } finally {
      if (this.#pull === pull) {
        this.#pull = undefined;
        this.#pulled = performance.now();
      }
    }
  }

  /** Acknowledges after rendering, so that a slow page slows down only its own channel. */
  #acknowledge(session: string, seq: number): void {
    let done = false;
    const say = (): void => {
      if (done || session !== this.#session) return;
      done = true;
      api.ack(session, seq).catch((error: unknown) => this.#refused(session, error));
    };
    requestAnimationFrame(say);
    setTimeout(say, hiddenAck);
  }

  #refused(session: string, error: unknown): void {
    if (session === this.#session && api.toIpcError(error).code === "stale-session") void this.#attach();
  }

  #listen = (): void => {
    if (document.visibilityState !== "visible") return;
    if (performance.now() - this.#heard <= silence) return;
    this.lost = true;
    void this.#attach();
  };

  #turned = (): void => {
    // A hidden page is not owed any frames: the timeout restarts now.
    this.#heard = performance.now();
    this.#activity();
  };

  #activity = (): void => {
    const visible = document.visibilityState === "visible";
    const activity: Activity = !visible ? "hidden" : document.hasFocus() ? "focused" : "visible";
    const session = this.#session;
    if (session === "") return;
    api.view(session, [...this.#visible], activity).catch((error: unknown) => this.#refused(session, error));
  };
}
