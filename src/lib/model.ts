// The list as a value: rows newest first, and how snapshots and frames change it. Pure; knows no channel,
// no clock and no screen. Whatever is lost, doubled or late, a row never goes back to an older `rev`.
import type { Page, Row } from "./api.ts";

/** Sorted by id, descending; ids are unique. Never changed in place. */
export type Rows = readonly Row[];

/** Where `id` is or would be. */
export function position(rows: Rows, id: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.id ?? 0) > id) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function find(rows: Rows, id: number): Row | undefined {
  const row = rows[position(rows, id)];
  return row?.id === id ? row : undefined;
}

/** Takes in `news`; `gone` are ids that left the list for good and stay away. */
export function merge(rows: Rows, news: readonly Row[], gone: ReadonlySet<number>): Rows {
  let next: Row[] | undefined;
  for (const row of news) {
    if (gone.has(row.id)) continue;
    const at = position(next ?? rows, row.id);
    const known = (next ?? rows)[at];
    if (known?.id === row.id) {
      if (known.rev >= row.rev) continue;
      next ??= [...rows];
      next[at] = row;
    } else {
      next ??= [...rows];
      next.splice(at, 0, row);
    }
  }
  return next ?? rows;
}

export function without(rows: Rows, gone: ReadonlySet<number>): Rows {
  return gone.size > 0 && rows.some((row) => gone.has(row.id))
    ? rows.filter((row) => !gone.has(row.id))
    : rows;
}

/**
 * One round of pulling all pages. Rows that neither a page nor a frame has named by its end are gone; a row
 * that slipped between two pages while the list moved is noticed by the count and asks for another round.
 */
export class Pull {
  #seen = new Set<number>();
  /** Where the next page begins. */
  next = 0;

  /** A frame arrived meanwhile. */
  frame(rows: readonly Row[], removed: readonly number[]): void {
    for (const row of rows) this.#seen.add(row.id);
    for (const id of removed) {
      // Rows behind the removed one moved up by one: read one of them again rather than miss one.
      if (this.#seen.delete(id)) this.next = Math.max(0, this.next - 1);
    }
  }

  /** Whether more pages are to come. */
  page(page: Page): boolean {
    for (const row of page.rows) this.#seen.add(row.id);
    this.next = page.first + page.rows.length;
    return page.rows.length > 0 && this.next < page.length;
  }

  /** What is left when all pages are in. */
  settle(rows: Rows): Rows {
    return rows.every((row) => this.#seen.has(row.id)) ? rows : rows.filter((row) => this.#seen.has(row.id));
  }
}
