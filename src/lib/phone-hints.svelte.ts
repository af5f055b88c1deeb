// Hints on a phone: the request for the notification permission once there is a download, and a note when the system
// has ended downloads. A dismissed hint does not come back. Knows the core's commands, no markup.
import * as api from "./api.ts";
import type { NotificationPermission, PlatformInfo } from "./api.ts";

export type Hint = "notices" | "ended";

const key = "millrace.hints";

export class PhoneHints {
  /** Undefined until the core has reported it. */
  platform = $state.raw<PlatformInfo | undefined>();
  #consent = $state<NotificationPermission | undefined>();
  #ended = $state(false);
  #away = $state.raw<readonly string[]>((localStorage.getItem(key) ?? "").split(" "));
  #downloads: () => boolean;

  /** The hint to show, if any. */
  now: Hint | undefined = $derived.by(() => {
    const wanted: Hint[] = [];
    if (this.#ended) wanted.push("ended");
    if (this.#consent === "notAsked" && this.#downloads()) wanted.push("notices");
    return wanted.find((hint) => !this.#away.includes(hint));
  });

  /** `downloads`: whether there are any. */
  constructor(downloads: () => boolean) {
    this.#downloads = downloads;
  }

  /** Checks now and whenever the user returns to the window; returns a function that stops it. */
  start(): () => void {
    const look = (): void => {
      if (this.platform?.mobile === true && !document.hidden) this.#look().catch(() => undefined);
    };
    document.addEventListener("visibilitychange", look);
    api.platform().then(
      (platform) => {
        this.platform = platform;
        look();
      },
      () => undefined,
    );
    return () => document.removeEventListener("visibilitychange", look);
  }

  /** Requests the permission from the system. Throws an IpcError. */
  async ask(): Promise<void> {
    this.#consent = await api.askForNotices();
  }

  /** Permanently. */
  dismiss(hint: Hint): void {
    this.#away = [...this.#away, hint];
    localStorage.setItem(key, this.#away.join(" ").trim());
  }

  async #look(): Promise<void> {
    this.#consent = await api.noticesConsent();
    this.#ended = await api.workEnded();
  }
}
