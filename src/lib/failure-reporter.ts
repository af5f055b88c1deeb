// Reports commands that the core refused, as a message and to screen readers. Knows no command.
import type { Announcer } from "./announcer.svelte.ts";
import { toIpcError } from "./api.ts";
import { errorText } from "./labels.ts";
import type { Toasts } from "./toasts.svelte.ts";

export class FailureReporter {
  #toasts: Toasts;
  #announcer: Announcer;

  constructor(toasts: Toasts, announcer: Announcer) {
    this.#toasts = toasts;
    this.#announcer = announcer;
  }

  /** Reports under `title` if `doing` fails. */
  watch(doing: Promise<unknown>, title: () => string): void {
    doing.catch((error: unknown) => {
      const text = errorText(toIpcError(error));
      this.#toasts.show({ tone: "error", title: title(), text });
      this.#announcer.say(`${title()}. ${text}`);
    });
  }
}
