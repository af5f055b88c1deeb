// The life of the list's channel: attach, pull pages, take frames, acknowledge what is on the screen,
// attach again when the core falls silent, and leave nothing behind. Knows no component; what the rows
// mean is their own business.
import * as api from "./api.ts";
import type { Activity, Frame, Row, Totals } from "./api.ts";
import { applyNumbers, type EarlyNumbers, find, merge, Pull, type Rows, removeRows } from "./rows.ts";

const nothing: Totals = { speed: 0, all: 0, active: 0, queued: 0, paused: 0, failed: 0, done: 0 };
/** Rows asked for at once. */
const pageSize = 200;
/** A visible page that hears nothing for so long attaches again; the core beats once a second. */
const silence = 3_000;
const watchdogEvery = 500;
/** After a refusal it is asked again, first so soon: a core that has only just started may not be there yet. */
const againAfter = 50;
const againAtMost = 1_000;
/** A hidden page has no animation frames: it acknowledges by this timer. */
const hiddenAck = 250;
/** Rows that are still on their way in later frames make the count differ for a moment. */
const recountEvery = 1_000;

/** While the person scrolls, the core is told where they are no more often. */
const visibleInterval = 100;

/** After the next frame, or at once where there are none. */
const painted = (): Promise<void> =>
  new Promise((resolve) => {
    if (document.visibilityState === "visible") requestAnimationFrame(() => setTimeout(resolve));
    else resolve();
  });

/** What happened to a row, for whoever wants to tell the person. */
export type RowChange = { before: Row; after: Row };

/** Callbacks: a row changed; the channel was replaced, so other streams may have lost messages too; extra data of a frame. */
export type ListListeners = {
  onRowChanged: (change: RowChange) => void;
  onReattached: () => void;
  onFrameExtras: (frame: Frame) => void;
};
const noListeners: ListListeners = {
  onRowChanged: () => undefined,
  onReattached: () => undefined,
  onFrameExtras: () => undefined,
};

export class DownloadList {
  rows = $state.raw<Rows>([]);
  totals = $state.raw<Totals>(nothing);
  /** False until the first snapshot is here. */
  ready = $state(false);
  /** The core has not answered for longer than it ever takes. */
  lost = $state(false);

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
  /** Refusals since somebody last answered. */
  #refusals = 0;
  #visible: readonly number[] = [];
  #visibleTimer: ReturnType<typeof setTimeout> | undefined;
  #listeners: ListListeners;

  constructor(listeners: Partial<ListListeners> = {}) {
    this.#listeners = { ...noListeners, ...listeners };
  }

  /** Starts; returns what ends it. */
  start(): () => void {
    void this.#attach();
    this.#watchdog = setInterval(this.#listen, watchdogEvery);
    document.addEventListener("visibilitychange", this.#turned);
    window.addEventListener("focus", this.#activity);
    window.addEventListener("blur", this.#activity);
    window.addEventListener("pagehide", this.stop);
    return this.stop;
  }

  /** Detaches, as well as a leaving page can, and unregisters the callback. */
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

  /** Tells the core which rows are on the screen: they come first in its frames. While somebody scrolls, now and then. */
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
    // The answer, too, has to come within the time of silence.
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
      this.#pullAll(session, first);
      await api.ack(session, 0);
      this.#refusals = 0;
      this.#activity();
    } catch {
      if (this.#session !== session) return;
      // Whoever refuses at once is there. Where nobody answers, the watchdog tries again after the time of silence.
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
    // All is read anew, also what came back.
    if (frame.resync) this.#gone.clear();
    for (const id of frame.removed) this.#gone.add(id);
    // A row in a frame is there, whatever was said before: its removal was undone.
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

  /** Adds rows and reports those that changed their phase. */
  #take(news: readonly Row[]): void {
    const before = this.rows;
    const after = merge(before, news, this.#gone, this.#early);
    if (after === before) return;
    this.rows = after;
    if (!this.ready) return;
    for (const { id } of news) {
      const [was, is] = [find(before, id), find(after, id)];
      if (was !== undefined && is !== undefined && was.phase !== is.phase) {
        this.#listeners.onRowChanged({ before: was, after: is });
      }
    }
  }

  /** Between pulls the list is as long as the core says, or something slipped through; now and then, look again. */
  #miscounted(): boolean {
    if (this.#pull !== undefined || this.rows.length === this.totals.all) return false;
    return performance.now() - this.#pulled > recountEvery;
  }

  #pullAll(session: string, first?: api.Page): void {
    const pull = new Pull();
    this.#pull = pull;
    // Answers that were asked for earlier are not taken any more: nothing can bring back what is gone.
    this.#gone.clear();
    void this.#pages(session, pull, first === undefined || pull.page(first));
  }

  async #pages(session: string, pull: Pull, more: boolean): Promise<void> {
    try {
      // What is there already is shown first.
      if (more) await painted();
      while (more) {
        const page = await api.page(session, pull.next, pageSize);
        // A newer round or session has taken over.
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

  /** Once it is on the screen, so that a slow page slows its own stream only. */
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
    // While hidden no beat was owed: silence counts from now.
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
