// The selected rows, by id, with the cursor and the anchor of desktop lists. Of rows it knows only their ids and their
// order on the screen.
import type { Row } from "./api.ts";
import type { Rows } from "./rows.ts";

export class Selection {
  ids = $state.raw<ReadonlySet<number>>(new Set());
  /** The row with the keyboard cursor. */
  cursor = $state<number | undefined>();
  /** On a phone: a tap selects a row instead of opening it. */
  tapSelects = $state(false);
  #anchor: number | undefined;
  #all: () => Rows;

  rows: readonly Row[] = $derived.by(() =>
    this.ids.size === 0 ? [] : this.#all().filter((row) => this.ids.has(row.id)),
  );

  constructor(all: () => Rows) {
    this.#all = all;
  }

  selectOnly(id: number): void {
    this.ids = new Set([id]);
    this.cursor = id;
    this.#anchor = id;
  }

  toggle(id: number): void {
    const next = new Set(this.ids);
    if (!next.delete(id)) next.add(id);
    this.ids = next;
    this.cursor = id;
    this.#anchor = id;
  }

  /** Selects from the anchor to `id`, in the order shown. */
  extend(id: number, order: readonly number[]): void {
    const from = this.#anchor === undefined ? -1 : order.indexOf(this.#anchor);
    const to = order.indexOf(id);
    if (from < 0 || to < 0) {
      this.selectOnly(id);
      return;
    }
    this.ids = new Set(order.slice(Math.min(from, to), Math.max(from, to) + 1));
    this.cursor = id;
  }

  selectAll(order: readonly number[]): void {
    this.ids = new Set(order);
    this.cursor ??= order[0];
  }

  /** Next cursor when the rows `gone` are removed: the next remaining row, or else the previous one. */
  after(gone: ReadonlySet<number>, order: readonly number[]): number | undefined {
    const from = order.findIndex((id) => gone.has(id));
    if (from < 0) return this.cursor;
    const stays = (id: number): boolean => !gone.has(id);
    return order.slice(from).find(stays) ?? order.slice(0, from).findLast(stays);
  }

  clear(): void {
    this.ids = new Set();
    this.#anchor = undefined;
  }

  /** Clears it, and taps open rows again. */
  end(): void {
    this.tapSelects = false;
    this.clear();
  }

  /** Moves the cursor by `step` rows; returns its id, or undefined in an empty list. */
  move(step: number, order: readonly number[], extending: boolean): number | undefined {
    const at = this.cursor === undefined ? -1 : order.indexOf(this.cursor);
    // Without a cursor, down starts at the first row and up at the last; no wrap-around.
    const from = at >= 0 ? at : step > 0 ? -1 : order.length;
    const id = order[Math.min(order.length - 1, Math.max(0, from + step))];
    if (id === undefined) return undefined;
    if (extending) this.extend(id, order);
    else this.selectOnly(id);
    return id;
  }
}
