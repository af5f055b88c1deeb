// Keeps the rows that pass a test while a few of them change at a time: only changed rows are tested again. In steps, as
// the first search through a hundred thousand rows takes half a second. Does not depend on the test.
import type { Row } from "./api.ts";
import { applyChanges, rowChanges } from "./row-changes.ts";
import type { Rows } from "./rows.ts";
import type { Steps } from "./time-slices.ts";

export type RowTest = (row: Row) => boolean;

const testsPerStep = 256;

export class IncrementalFilter {
  #test: RowTest;
  #rows: Rows = [];
  #kept: Rows = [];

  constructor(test: RowTest) {
    this.#test = test;
  }

  /** Another that starts from where this one is. */
  copy(): IncrementalFilter {
    const copy = new IncrementalFilter(this.#test);
    copy.#rows = this.#rows;
    copy.#kept = this.#kept;
    return copy;
  }

  /** The rows that pass, newest first, as `rows` are; the same list when none of them changed. */
  *steps(rows: Rows): Steps<Rows> {
    const { gone, added } = rowChanges(this.#rows, rows);
    const passed: Row[] = [];
    for (const [at, row] of added.entries()) {
      if (this.#test(row)) passed.push(row);
      if (at % testsPerStep === 0) yield;
    }
    yield;
    this.#kept = applyChanges(this.#kept, { gone, added: passed });
    this.#rows = rows;
    return this.#kept;
  }
}
