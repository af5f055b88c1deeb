// Short messages that disappear after a while; held while the user reads them. Bounded: of those whose loss takes
// nothing away, the oldest is dropped. Knows no download.

export type Toast = {
  key: number;
  tone: "success" | "error" | "plain";
  title: string;
  text: string;
  action?: { label: string; run: () => void };
  /** Its action is possible only while it is shown: it is neither dropped nor replaced, and shows its time. */
  pending?: true;
  /** In ms, without the time during which it is held. */
  time: number;
};

/** How long to show it, in ms; without `most`, it can be held for any time. */
type Duration = { time: number; most?: number };

/** Of those that are not pending. */
const maxToasts = 4;
const displayTime: Record<Toast["tone"], number> = { success: 6_000, error: 12_000, plain: 4_000 };

/** The clock of one message. */
type Running = { left: number; since: number; end: number; timer?: ReturnType<typeof setTimeout> };

export class Toasts {
  all = $state.raw<readonly Toast[]>([]);
  /** The messages are pointed at or have the focus: their time stands still. */
  held = $state(false);
  #count = 0;
  readonly #clocks = new Map<number, Running>();

  /** Returns the key for `dismiss`. */
  show(toast: Omit<Toast, "key" | "time">, duration: Duration = { time: displayTime[toast.tone] }): number {
    this.#count += 1;
    const key = this.#count;
    const { time, most = Infinity } = duration;
    const all = [...this.all.filter((other) => !isRepeated(other, toast)), { ...toast, key, time }];
    const spare = all.filter((one) => one.pending !== true && one.key !== key);
    const dropped = new Set(spare.slice(0, Math.max(0, spare.length + 1 - maxToasts)));
    this.all = all.filter((one) => !dropped.has(one));
    const now = performance.now();
    this.#clocks.set(key, { left: time, since: now, end: now + most });
    this.#wind(key);
    return key;
  }

  dismiss(key: number): void {
    clearTimeout(this.#clocks.get(key)?.timer);
    this.#clocks.delete(key);
    if (this.all.some((toast) => toast.key === key)) this.all = this.all.filter((toast) => toast.key !== key);
    // What held them may have gone with the last one, without an event.
    if (this.all.length === 0) this.held = false;
  }

  /** Stops the time of all messages, or lets it run again. */
  hold(held: boolean): void {
    if (held === this.held) return;
    const now = performance.now();
    for (const clock of this.#clocks.values()) {
      if (held) clock.left -= now - clock.since;
      else clock.since = now;
    }
    this.held = held;
    for (const key of this.#clocks.keys()) this.#wind(key);
  }

  #wind(key: number): void {
    const clock = this.#clocks.get(key);
    if (clock === undefined) return;
    clearTimeout(clock.timer);
    const most = clock.end - performance.now();
    const left = this.held ? most : Math.min(clock.left, most);
    if (left !== Infinity) clock.timer = setTimeout(() => this.dismiss(key), Math.max(0, left));
  }
}

function isRepeated(one: Toast, by: Omit<Toast, "key" | "time">): boolean {
  return one.pending !== true && by.pending !== true && one.title === by.title && one.text === by.text;
}
