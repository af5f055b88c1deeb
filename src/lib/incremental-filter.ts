// Keeps the rows that pass a test while a few of them change at a time: only changed rows are tested again. Does not
// depend on the test.
import type { Row } from "./api.ts";
import { applyChanges, rowChanges } from "./row-changes.ts";
import type { Rows } from "./rows.ts";

export type RowTest = (row: Row) => boolean;

export class IncrementalFilter {
  #test: RowTest;
  #rows: Rows = [];
  #kept: Rows = [];

  constructor(test: RowTest) {
    this.#test = test;
  }

  /** The rows that pass, newest first, as `rows` are; the same list when none of them changed. */
  filter(rows: Rows): Rows {
    const { gone, added } = rowChanges(this.#rows, rows);
    this.#rows = rows;
    this.#kept = applyChanges(this.#kept, { gone, added: added.filter(this.#test) });
    return this.#kept;
  }
}
