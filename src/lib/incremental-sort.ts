// Rows kept in an order while a few of them change at a time: sorting ten thousand anew ten times a second would hold up
// scrolling. Knows no reason for the order.
import type { Row } from "./api.ts";
import type { Rows } from "./rows.ts";

export type Compare = (a: Row, b: Row) => number;

/** If more than one row in so many has changed, a plain sort is quicker. */
const resortShare = 8;

export class IncrementalSort {
  #compare: Compare;
  #rows: Rows = [];
  #sorted: Row[] = [];

  /** `compare` never says that two rows are equal. */
  constructor(compare: Compare) {
    this.#compare = compare;
  }

  /** The rows in order. `rows` may hold other objects for the same downloads, more of them, or fewer. */
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
