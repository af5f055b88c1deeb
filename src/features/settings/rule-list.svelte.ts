// The rules for new downloads, as they are edited: each change is sent at once, a rule that says nothing yet is not. Knows the
// core's commands, no markup.
import * as api from "../../lib/api.ts";
import type { Rule } from "../../lib/api.ts";
import { errorText } from "../../lib/labels.ts";
import { parseTags, tagsError } from "../../lib/tags.ts";

const empty: Rule = {
  name: null,
  host: null,
  category: null,
  folder: null,
  priority: null,
  tags: [],
  queueFirst: false,
};

/** `key` stays when rules are moved. */
type Entry = { key: number; rule: Rule };

/** Whether it says to which downloads it applies, and what it does. */
export const isComplete = ({ name, host, category, folder, priority, tags, queueFirst }: Rule): boolean =>
  (name !== null || host !== null || category !== null) &&
  (folder !== null || priority !== null || (tags ?? []).length > 0 || queueFirst === true);

export class RuleList {
  entries = $state.raw<readonly Entry[]>([]);
  /** Why the core refused the last change. */
  refused = $state<string | null>(null);
  #last = 0;

  async load(): Promise<void> {
    try {
      const found = (await api.rules()).map((rule) => this.#entry(rule));
      // A rule may have been begun meanwhile.
      this.entries = [...found, ...this.entries];
    } catch (error) {
      this.refused = errorText(api.toIpcError(error));
    }
  }

  /** A rule to be filled in; sent as soon as it is complete. Returns its key. */
  add(): number {
    const entry = this.#entry(empty);
    this.entries = [...this.entries, entry];
    return entry.key;
  }

  async change(key: number, part: Partial<Rule>): Promise<void> {
    await this.#set(
      this.entries.map((entry) => (entry.key === key ? { key, rule: { ...entry.rule, ...part } } : entry)),
    );
  }

  /** `text`: tags, separated by commas; those that the core would cut are said, and not sent. */
  async setTags(key: number, text: string): Promise<void> {
    const tags = parseTags(text);
    const wrong = tagsError(tags);
    if (wrong === null) await this.change(key, { tags });
    else this.refused = wrong;
  }

  async remove(key: number): Promise<void> {
    await this.#set(this.entries.filter((entry) => entry.key !== key));
  }

  /** Moves it before the one above it: the first rule that applies counts. */
  async raise(key: number): Promise<void> {
    const at = this.entries.findIndex((entry) => entry.key === key);
    const [entry, above] = [this.entries[at], this.entries[at - 1]];
    if (entry === undefined || above === undefined) return;
    await this.#set(this.entries.toSpliced(at - 1, 2, entry, above));
  }

  async pickFolder(key: number): Promise<void> {
    try {
      const folder = await api.pickFolder();
      if (folder !== null) await this.change(key, { folder });
    } catch (error) {
      this.refused = errorText(api.toIpcError(error));
    }
  }

  async #set(entries: readonly Entry[]): Promise<void> {
    const before = this.entries.filter(({ rule }) => isComplete(rule)).map(({ rule }) => rule);
    const now = entries.filter(({ rule }) => isComplete(rule)).map(({ rule }) => rule);
    this.entries = entries;
    this.refused = null;
    if (JSON.stringify(before) === JSON.stringify(now)) return;
    try {
      await api.setRules(now);
    } catch (error) {
      this.refused = errorText(api.toIpcError(error));
    }
  }

  #entry(rule: Rule): Entry {
    this.#last += 1;
    return { key: this.#last, rule };
  }
}
