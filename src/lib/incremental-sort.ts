// Keeps rows sorted while a few of them change at a time: sorting a hundred thousand rows ten times per second would hold
// up scrolling. In steps, as the first sort of so many takes a second. Does not depend on the sort order.
import type { Row } from "./api.ts";
import { rowChanges } from "./row-changes.ts";
import type { Rows } from "./rows.ts";
import type { Steps } from "./time-slices.ts";

export type Compare = (a: Row, b: Row) => number;

/** Rows that are sorted in one step; and comparisons and copies in one. A step takes a few milliseconds at most. */
const rowsPerStep = 64;
const comparisonsPerStep = 256;
const copiesPerStep = 4096;

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

/** Merges two sorted lists. */
function* merged(a: Rows, b: Rows, compare: Compare): Steps<Rows> {
  const both: Row[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [x, y] = [a[i], b[j]];
    if (x === undefined || y === undefined) break;
    if (compare(x, y) <= 0) {
      both.push(x);
      i += 1;
    } else {
      both.push(y);
      j += 1;
    }
    if (both.length % comparisonsPerStep === 0) yield;
  }
  return both.concat(a.slice(i), b.slice(j));
}

/** A merge sort: short runs are sorted, then merged in pairs until one is left. */
function* sorted(rows: Rows, compare: Compare): Steps<Rows> {
  let runs: Rows[] = [];
  for (let at = 0; at < rows.length; at += rowsPerStep) {
    runs.push(rows.slice(at, at + rowsPerStep).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const longer: Rows[] = [];
    for (let at = 0; at < runs.length; at += 2) {
      longer.push(yield* merged(runs[at] ?? [], runs[at + 1] ?? [], compare));
      yield;
    }
    runs = longer;
  }
  return runs[0] ?? [];
}

export class IncrementalSort {
  #compare: Compare;
  #rows: Rows = [];
  #sorted: Rows = [];

  /** `compare` never returns 0 for different downloads. */
  constructor(compare: Compare) {
    this.#compare = compare;
  }

  /** Another that starts from where this one is. */
  copy(): IncrementalSort {
    const copy = new IncrementalSort(this.#compare);
    copy.#rows = this.#rows;
    copy.#sorted = this.#sorted;
    return copy;
  }

  /**
   * The sorted rows, the same list for the same rows. `rows` are newest first; new objects for the same downloads,
   * additional ones, or fewer.
   */
  *steps(rows: Rows): Steps<Rows> {
    if (rows === this.#rows) return this.#sorted;
    const { gone, added } = rowChanges(this.#rows, rows);
    yield;
    const kept = gone.length === 0 ? this.#sorted : yield* this.#without(new Set(gone));
    this.#sorted = yield* this.#with(kept, yield* sorted(added, this.#compare));
    this.#rows = rows;
    return this.#sorted;
  }

  *#without(gone: ReadonlySet<Row>): Steps<Rows> {
    const kept: Row[] = [];
    let left = copiesPerStep;
    for (const row of this.#sorted) {
      if (!gone.has(row)) kept.push(row);
      left -= 1;
      if (left > 0) continue;
      left = copiesPerStep;
      yield;
    }
    return kept;
  }

  /** Few rows are put into their places among many: that takes fewer comparisons than a merge. */
  *#with(many: Rows, few: Rows): Steps<Rows> {
    if (few.length === 0) return many;
    if (few.length * 8 > many.length) return yield* merged(many, few, this.#compare);
    const both: Row[] = [];
    let at = 0;
    const copy = (end: number): void => {
      for (; at < end; at += 1) {
        const row = many[at];
        if (row !== undefined) both.push(row);
      }
    };
    for (const row of few) {
      copy(placeOf(many, row, this.#compare));
      both.push(row);
      yield;
    }
    copy(many.length);
    return both;
  }
}
