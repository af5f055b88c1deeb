// Which rows are selected, by id, with a cursor and an anchor as lists on the desktop have them. Knows ids
// and their order on the screen, nothing else.

export class Selection {
  ids = $state.raw<ReadonlySet<number>>(new Set());
  /** The row that the keyboard is on. */
  cursor = $state<number | undefined>();
  #anchor: number | undefined;

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

  /** From the anchor to `id`, in the order shown. */
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

  /** Where the keyboard goes when the `gone` leave: the next row that stays, or else the one before. */
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

  /** Moves the cursor by `step` rows; the new id, or undefined in an empty list. */
  move(step: number, order: readonly number[], extending: boolean): number | undefined {
    const at = this.cursor === undefined ? -1 : order.indexOf(this.cursor);
    // From nowhere down is the first row, up is the last; an end is an end.
    const from = at >= 0 ? at : step > 0 ? -1 : order.length;
    const id = order[Math.min(order.length - 1, Math.max(0, from + step))];
    if (id === undefined) return undefined;
    if (extending) this.extend(id, order);
    else this.selectOnly(id);
    return id;
  }
}
