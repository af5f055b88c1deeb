// Probes the link in the add dialog: debounces typing and ignores responses to earlier requests. Knows no field.
import * as api from "../../lib/api.ts";
import type { IpcError, DownloadOptions, ProbeResult } from "../../lib/api.ts";

export type ProbeState =
  | { is: "nothing" }
  /** Not probed: the user has not agreed to a request yet. */
  | { is: "unasked"; host: string }
  | { is: "looking"; host: string }
  | { is: "found"; look: ProbeResult }
  | { is: "failed"; failure: IpcError };

/** Debounce of the probe while typing; in ms. */
const typingDelay = 300;
const nothing: ProbeState = { is: "nothing" };

export class LinkProbe {
  state = $state.raw<ProbeState>(nothing);
  #key = "";
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pending: Promise<unknown> | undefined;
  #start: () => void = () => undefined;

  /** Offers to probe `url`; no request is sent before `retry`. */
  offer(url: string, options: DownloadOptions): void {
    this.#prepare(url, options, { is: "unasked", host: new URL(url).host });
  }

  /** Probes `url`, unless it is or was already probed with the same request options. */
  request(url: string, options: DownloadOptions): void {
    if (this.#prepare(url, options, { is: "looking", host: new URL(url).host }))
      this.#timer = setTimeout(this.#start, typingDelay);
  }

  /** False when `url` is or was already probed with the same request options. */
  #prepare(url: string, options: DownloadOptions, state: ProbeState): boolean {
    const key = JSON.stringify([url, options.headers, options.credentials, options.proxy]);
    if (key === this.#key && this.state.is !== "unasked") return false;
    this.stop();
    this.#key = key;
    this.#start = () => this.#probe(url, options);
    this.state = state;
    return true;
  }

  retry(): void {
    this.#start();
  }

  /** Forgets the link and ignores outstanding responses. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.#key = "";
    this.#pending = undefined;
    this.#start = () => undefined;
    this.state = nothing;
  }

  /**
   * Resolves when no probe is in progress, or after `most` ms: a one-time link is lost when it is requested again
   * before the first response has arrived. A probe that is still debounced is dropped.
   */
  async settled(most: number): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#pending === undefined) return;
    let late: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise((resolve) => (late = setTimeout(resolve, most)));
    await Promise.race([this.#pending, over]);
    clearTimeout(late);
  }

  #probe(url: string, options: DownloadOptions): void {
    this.#turn += 1;
    const turn = this.#turn;
    this.state = { is: "looking", host: new URL(url).host };
    const show = (state: ProbeState): void => {
      if (turn !== this.#turn) return;
      this.state = state;
      this.#pending = undefined;
    };
    this.#pending = api.look(url, options).then(
      (look) => show({ is: "found", look }),
      (error: unknown) => show({ is: "failed", failure: api.toIpcError(error) }),
    );
  }
}
