// The user's settings, stored by the core: a change is shown immediately and reverted if the core refuses it. Applies
// language and theme to the window. Knows no field and no markup.
import * as api from "./api.ts";
import type { Settings } from "./api.ts";
import { languages, markDocument, uiLanguage } from "./language.svelte.ts";

export class SettingsStore {
  /** The settings that the core has confirmed. */
  #confirmed = $state.raw<Settings | undefined>();
  /** Changes that the core has not confirmed yet, oldest first. */
  #pending = $state.raw<readonly Partial<Settings>[]>([]);
  #queue: Promise<unknown> = Promise.resolve();
  /** Resolves when the core has answered the start. */
  loaded: Promise<void> = Promise.resolve();

  /** Undefined until the core has sent them. */
  now: Settings | undefined = $derived(
    this.#confirmed === undefined ? undefined : this.#pending.reduce<Settings>(merged, this.#confirmed),
  );

  /** Loads the settings and applies language and theme; returns a function that stops it. */
  start(): () => void {
    this.loaded = this.load().catch(() => undefined);
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

  /** Takes settings that were changed elsewhere, such as in the tray. */
  take(settings: Settings): void {
    this.#confirmed = settings;
  }

  /**
   * Changes are sent one after the other, each on top of the core's latest state. Throws an IpcError; then nothing has
   * changed.
   */
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
