// Sends each changed setting to the core immediately and keeps its error for the field. Knows the names of the fields,
// no markup.
import * as api from "../../lib/api.ts";
import type { Category, Folder, PlatformInfo, Settings } from "../../lib/api.ts";
import type { SettingsStore } from "../../lib/settings.svelte.ts";
import { errorText } from "../../lib/labels.ts";
import { m } from "../../paraglide/messages.js";

export type Field = keyof Settings;

export class SettingsForm {
  platform = $state.raw<PlatformInfo | undefined>();
  /** Why the last change of each field was refused. */
  errors = $state.raw<Partial<Record<Field, string>>>({});
  #store: SettingsStore;

  constructor(store: SettingsStore) {
    this.#store = store;
  }

  get now(): Settings | undefined {
    return this.#store.now;
  }

  async open(): Promise<void> {
    const platform = api.platform().then(
      (found) => (this.platform = found),
      () => undefined,
    );
    // The settings may have been changed elsewhere, or the first load may have failed.
    await this.#store.load().catch((error: unknown) => this.#say("folder", error));
    await platform;
  }

  /** True when the core has accepted the value. */
  async set<F extends Field>(field: F, value: Settings[F]): Promise<boolean> {
    this.#forget(field);
    try {
      const part: Partial<Settings> = {};
      part[field] = value;
      await this.#store.change(part);
      return true;
    } catch (error) {
      this.#say(field, error);
      return false;
    }
  }

  async pickFolder(): Promise<void> {
    const folder = await this.#pick("folder");
    if (folder !== null) await this.set("folder", folder);
  }

  async pickCategory(category: Category): Promise<void> {
    const folder = await this.#pick("categories");
    if (folder !== null) await this.set("categories", [...this.#others(category), { category, folder }]);
  }

  /** Its files then go to the default folder. */
  async forgetCategory(category: Category): Promise<void> {
    await this.set("categories", this.#others(category));
  }

  folderOf(category: Category): Folder | undefined {
    return this.now?.categories.find((own) => own.category === category)?.folder;
  }

  #others(category: Category): Settings["categories"] {
    return (this.now?.categories ?? []).filter((own) => own.category !== category);
  }

  async #pick(field: Field): Promise<Folder | null> {
    this.#forget(field);
    try {
      return await api.pickFolder();
    } catch (error) {
      this.#say(field, error);
      return null;
    }
  }

  #forget(field: Field): void {
    const errors = { ...this.errors };
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
    delete errors[field];
    this.errors = errors;
  }

  #say(field: Field, error: unknown): void {
    const failure = api.toIpcError(error);
    const wrong = failure.code === "bad-setting";
    const words = wrong && field === "proxy" ? m.settings_proxy_refused() : errorText(failure);
    this.errors = { ...this.errors, [field]: words };
  }
}
