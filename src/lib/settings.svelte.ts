// What the person has set, as the core keeps it: shown at once when it is changed here, put back when the core refuses.
// Gives the window its language and its theme. Knows no field and no markup.
import * as api from "./api.ts";
import type { Settings } from "./api.ts";
import { languages, markDocument, uiLanguage } from "./language.svelte.ts";

export class SettingsStore {
  /** As the core has it. */
  #confirmed = $state.raw<Settings | undefined>();
  /** Changes that the core has not answered yet, the oldest first. */
  #pending = $state.raw<readonly Partial<Settings>[]>([]);
  #queue: Promise<unknown> = Promise.resolve();

  /** Undefined until the core has told them. */
  now: Settings | undefined = $derived(
    this.#confirmed === undefined ? undefined : this.#pending.reduce<Settings>(merged, this.#confirmed),
  );

  /** Fetches them and follows them with language and theme; returns what ends that. */
  start(): () => void {
    this.load().catch(() => undefined);
    return $effect.root(() => {
      $effect(() => {
        const { now } = this;
        uiLanguage.chosen = languages.find((language) => language === now?.language) ?? null;
        markDocument();
        if (now === undefined || now.theme === "system") delete document.documentElement.dataset["theme"];
        else document.documentElement.dataset["theme"] = now.theme;
      });
    });
  }

  async load(): Promise<void> {
    this.#confirmed = await api.settings();
  }

  /** They were changed elsewhere: in the tray, say. */
  take(settings: Settings): void {
    this.#confirmed = settings;
  }

  /** One after the other, each on top of what the core has by then. Throws a IpcError; nothing has changed then. */
  change(part: Partial<Settings>): Promise<void> {
    this.#pending = [...this.#pending, part];
    const go = async (): Promise<void> => {
      try {
        if (this.#confirmed === undefined) await this.load();
        if (this.#confirmed !== undefined)
          this.#confirmed = await api.changeSettings(merged(this.#confirmed, part));
      } finally {
        this.#pending = this.#pending.filter((one) => one !== part);
      }
    };
    const mine = this.#queue.then(go);
    this.#queue = mine.catch(() => undefined);
    return mine;
  }
}

const merged = (settings: Settings, part: Partial<Settings>): Settings => ({ ...settings, ...part });
