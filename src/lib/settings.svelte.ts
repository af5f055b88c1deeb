// What the person has set, as the core keeps it: shown at once when it is changed here, put back when the core refuses.
// Gives the window its language and its theme. Knows no field and no markup.
import * as api from "./api.ts";
import type { Settings } from "./api.ts";
import { languages, markDocument, spoken } from "./language.svelte.ts";

export class Preferences {
  /** As the core has it. */
  #kept = $state.raw<Settings | undefined>();
  /** Changes that the core has not answered yet, the oldest first. */
  #asked = $state.raw<readonly Partial<Settings>[]>([]);
  #turn: Promise<unknown> = Promise.resolve();

  /** Undefined until the core has told them. */
  now: Settings | undefined = $derived(
    this.#kept === undefined ? undefined : this.#asked.reduce<Settings>(together, this.#kept),
  );

  /** Fetches them and follows them with language and theme; returns what ends that. */
  start(): () => void {
    this.load().catch(() => undefined);
    return $effect.root(() => {
      $effect(() => {
        const { now } = this;
        spoken.chosen = languages.find((language) => language === now?.language) ?? null;
        markDocument();
        if (now === undefined || now.theme === "system") delete document.documentElement.dataset["theme"];
        else document.documentElement.dataset["theme"] = now.theme;
      });
    });
  }

  async load(): Promise<void> {
    this.#kept = await api.settings();
  }

  /** They were changed elsewhere: in the tray, say. */
  take(settings: Settings): void {
    this.#kept = settings;
  }

  /** One after the other, each on top of what the core has by then. Throws a CommandFailure; nothing has changed then. */
  change(part: Partial<Settings>): Promise<void> {
    this.#asked = [...this.#asked, part];
    const go = async (): Promise<void> => {
      try {
        if (this.#kept === undefined) await this.load();
        if (this.#kept !== undefined) this.#kept = await api.changeSettings(together(this.#kept, part));
      } finally {
        this.#asked = this.#asked.filter((one) => one !== part);
      }
    };
    const mine = this.#turn.then(go);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}

const together = (settings: Settings, part: Partial<Settings>): Settings => ({ ...settings, ...part });
