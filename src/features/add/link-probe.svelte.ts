// Asks about a link while the person still looks at the dialog. Waits until the typing rests, and an answer to an
// earlier question never takes the place of a later one. Knows no field.
import * as api from "../../lib/api.ts";
import type { CommandFailure, DownloadOptions, Look } from "../../lib/api.ts";

export type Seen =
  | { is: "nothing" }
  /** Not asked about: nobody agreed to a request yet. */
  | { is: "unasked"; host: string }
  | { is: "looking"; host: string }
  | { is: "found"; look: Look }
  | { is: "failed"; failure: CommandFailure };

/** Typing that rests so long is over, for now; in ms. */
const rest = 300;
const nothing: Seen = { is: "nothing" };

export class Looking {
  seen = $state.raw<Seen>(nothing);
  #key = "";
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: Promise<unknown> | undefined;
  #ask: () => void = () => undefined;

  /** Offers to look at `url`; the server hears nothing before `again`. */
  offer(url: string, options: DownloadOptions): void {
    this.#prepare(url, options, { is: "unasked", host: new URL(url).host });
  }

  /** Looks at `url`, unless it does or did already with the same options of the request. */
  want(url: string, options: DownloadOptions): void {
    if (this.#prepare(url, options, { is: "looking", host: new URL(url).host }))
      this.#timer = setTimeout(this.#ask, rest);
  }

  /** False when `url` is being looked at, or offered, with the same options of the request already. */
  #prepare(url: string, options: DownloadOptions, seen: Seen): boolean {
    const key = JSON.stringify([url, options.headers, options.credentials, options.proxy]);
    if (key === this.#key && this.seen.is !== "unasked") return false;
    this.stop();
    this.#key = key;
    this.#ask = () => this.#look(url, options);
    this.seen = seen;
    return true;
  }

  again(): void {
    this.#ask();
  }

  /** Forgets the link; what still comes about it reaches nobody. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.#key = "";
    this.#asking = undefined;
    this.#ask = () => undefined;
    this.seen = nothing;
  }

  /**
   * Resolves when nothing is being asked any more, or after `most` ms: a link that works once is lost when it is asked
   * for again before the first answer is here. A question that was not sent yet is not sent.
   */
  async settled(most: number): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#asking === undefined) return;
    let late: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise((resolve) => (late = setTimeout(resolve, most)));
    await Promise.race([this.#asking, over]);
    clearTimeout(late);
  }

  #look(url: string, options: DownloadOptions): void {
    this.#turn += 1;
    const turn = this.#turn;
    this.seen = { is: "looking", host: new URL(url).host };
    const show = (seen: Seen): void => {
      if (turn !== this.#turn) return;
      this.seen = seen;
      this.#asking = undefined;
    };
    this.#asking = api.look(url, options).then(
      (look) => show({ is: "found", look }),
      (error: unknown) => show({ is: "failed", failure: api.failureOf(error) }),
    );
  }
}
