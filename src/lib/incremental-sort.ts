// Keeps rows sorted while a few of them change at a time: sorting ten thousand rows ten times per second would hold up
// scrolling. Does not depend on the sort order.
import type { Row } from "./api.ts";
import type { Rows } from "./rows.ts";

export type Compare = (a: Row, b: Row) => number;

/** If more than 1/8 of the rows have changed, a full sort is faster. */
const resortShare = 8;

export class IncrementalSort {
  #compare: Compare;
  #rows: Rows = [];
  #sorted: Row[] = [];

  /** `compare` never returns 0 for different downloads. */
  constructor(compare: Compare) {
    this.#compare = compare;
  }

  /** The sorted rows. `rows` may hold new objects for the same downloads, additional ones, or fewer. */
  sort(rows: Rows): Rows {
    if (rows === this.#rows) return this.#sorted;
    const before = new Set(this.#rows);
    const news = rows.filter((row) => !before.has(row));
    this.#rows = rows;
    if (news.length * resortShare > rows.length) {
      this.#sorted = rows.toSorted(this.#compare);
      return this.#sorted;
    }
    const now = new Set(rows);
    const kept = this.#sorted.filter((row) => now.has(row));
    for (const row of news) kept.splice(this.#place(kept, row), 0, row);
    this.#sorted = kept;
    return kept;
  }

  #place(sorted: readonly Row[], row: Row): number {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = sorted[middle];
      if (other !== undefined && this.#compare(other, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
