// Edits the options of existing downloads, one or several: only what was changed is sent, and the last change can be
// undone. Knows the core's commands, no markup.
import * as api from "../../lib/api.ts";
import type { OptionChange, Properties } from "../../lib/api.ts";
import { errorText } from "../../lib/labels.ts";
import { AdvancedFields } from "./advanced-fields.svelte.ts";
import type { OptionField } from "./option-field.ts";

const all: readonly OptionField[] = [
  "name",
  "limit",
  "connections",
  "priority",
  "startAt",
  "unmeteredOnly",
  "headers",
  "credentials",
  "proxy",
  "checksum",
];

export class PropertyEditor {
  fields = new AdvancedFields();
  name = $state("");
  /** Options of which the downloads have different values. */
  mixed = $state.raw<ReadonlySet<OptionField>>(new Set());
  /** Why the core refused the last change of an option. */
  refused = $state.raw<Partial<Record<OptionField, string>>>({});
  /** The last change, for `undo`. */
  change = $state<number | undefined>();
  ready = $state(false);
  #ids: readonly number[];
  /** What the fields showed when they were filled. */
  #shown = new Map<OptionField, string>();
  #turn = 0;

  constructor(ids: readonly number[]) {
    this.#ids = ids;
  }

  /** Fills the fields with what is set; those with a text that is not sent yet keep it. */
  async load(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const found = await api.options([...this.#ids]);
      if (turn === this.#turn) this.#fill(found);
    } catch (error) {
      this.refused = { ...this.refused, limit: errorText(api.toIpcError(error)) };
    }
  }

  /** Sends an option if it was changed and is valid; true when the core has taken it. */
  async commit(field: OptionField): Promise<boolean> {
    if (this.#text(field) === this.#shown.get(field) || this.#error(field) !== null) return false;
    const refused = { ...this.refused };
    try {
      this.change = await api.setOptions([...this.#ids], [this.#change(field)]);
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
      delete refused[field];
      this.refused = refused;
      this.#shown.set(field, this.#text(field));
    } catch (error) {
      this.refused = { ...refused, [field]: errorText(api.toIpcError(error)) };
      return false;
    }
    await this.load();
    return true;
  }

  async undo(): Promise<boolean> {
    const { change } = this;
    if (change === undefined) return false;
    this.change = undefined;
    try {
      await api.undoOptions(change);
    } catch {
      return false;
    } finally {
      await this.load();
    }
    return true;
  }

  #fill(found: readonly Properties[]): void {
    const [first] = found;
    if (first === undefined) return;
    const mixed = new Set<OptionField>();
    for (const field of all) {
      const touched = this.#shown.has(field) && this.#text(field) !== this.#shown.get(field);
      if (found.some((one) => valueOf(one, field) !== valueOf(first, field))) mixed.add(field);
      if (touched) continue;
      this.#show(field, mixed.has(field) ? undefined : first);
      // A choice has no empty value: any of them is a change of different ones.
      const choice = field === "priority" || field === "unmeteredOnly";
      this.#shown.set(field, choice && mixed.has(field) ? "" : this.#text(field));
    }
    this.mixed = mixed;
    this.ready = true;
  }

  /** `from` is undefined for different values. */
  #show(field: OptionField, from: Properties | undefined): void {
    if (field === "name") this.name = from?.name ?? "";
    else this.fields.show(field, from);
  }

  #text(field: OptionField): string {
    return field === "name" ? this.name : this.fields.text(field);
  }

  #error(field: OptionField): string | null {
    return field === "name" ? null : this.fields.error(field);
  }

  #change(field: OptionField): OptionChange {
    if (field !== "name") return this.fields.change(field);
    const name = this.name.trim();
    return { field, value: name === "" ? null : name };
  }
}

function valueOf(one: Properties, field: OptionField): string {
  return JSON.stringify(field === "credentials" ? [one.user, one.password] : one[field]);
}
