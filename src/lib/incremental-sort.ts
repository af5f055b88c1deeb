// Keeps rows sorted while a few of them change at a time: sorting a hundred thousand rows ten times per second would hold
// up scrolling. Does not depend on the sort order.
import type { Row } from "./api.ts";
import { rowChanges } from "./row-changes.ts";
import type { Rows } from "./rows.ts";

export type Compare = (a: Row, b: Row) => number;

/** If more than 1/8 of the rows have changed, a full sort is faster. */
const resortShare = 8;

/** Index of the first row of `sorted` that is not before `row`. */
export function placeOf(sorted: Rows, row: Row, compare: Compare): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = sorted[middle];
    if (other !== undefined && compare(other, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class IncrementalSort {
  #compare: Compare;
  #rows: Rows = [];
  #sorted: Rows = [];

  /** `compare` never returns 0 for different downloads. */
  constructor(compare: Compare) {
    this.#compare = compare;
  }

  /** The sorted rows. `rows` are newest first; new objects for the same downloads, additional ones, or fewer. */
  sort(rows: Rows): Rows {
    if (rows === this.#rows) return this.#sorted;
    const { gone, added } = rowChanges(this.#rows, rows);
    this.#rows = rows;
    this.#sorted =
      added.length * resortShare > rows.length ? rows.toSorted(this.#compare) : this.#merged(gone, added);
    return this.#sorted;
  }

  #merged(gone: readonly Row[], added: readonly Row[]): Rows {
    const before = this.#sorted;
    const drop = gone.map((row) => placeOf(before, row, this.#compare)).sort((a, b) => a - b);
    const next: Row[] = [];
    let [at, dropped] = [0, 0];
    const copy = (end: number): void => {
      for (; at < end; at += 1) {
        const row = before[at];
        if (at === drop[dropped]) dropped += 1;
        else if (row !== undefined) next.push(row);
      }
    };
    for (const row of added.toSorted(this.#compare)) {
      copy(placeOf(before, row, this.#compare));
      next.push(row);
    }
    copy(before.length);
    return next;
  }
}
