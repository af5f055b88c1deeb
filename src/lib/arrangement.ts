// Which rows are shown in which order: those that pass a test, sorted by one or two keys. Follows the list while a few of
// its rows change at a time; its first run takes long for a long list, and is done in steps.
import { IncrementalFilter, type RowTest } from "./incremental-filter.ts";
import { type Compare, IncrementalSort } from "./incremental-sort.ts";
import type { Rows } from "./rows.ts";
import { compareBy, type SortKey } from "./sort-orders.ts";
import { runAtOnce, type Steps } from "./time-slices.ts";

/** The list itself is newest first. */
export const newestFirst: SortKey = { sort: "added", reversed: false };

export class Arrangement {
  readonly compare: Compare;
  /** The first key. */
  readonly key: SortKey;
  #test: RowTest | undefined;
  #keys: readonly SortKey[];
  #filter: IncrementalFilter | undefined;
  #sort: IncrementalSort;

  /** Without a test all rows are shown. `before` saves work that it has done already. */
  constructor(test: RowTest | undefined, keys: readonly SortKey[], before?: Arrangement) {
    this.key = keys[0] ?? newestFirst;
    this.#test = test;
    this.#keys = keys;
    if (test !== undefined) this.#filter = new IncrementalFilter(test);
    if (before !== undefined && before.#test === test) this.#filter = before.#filter?.copy();
    const sameOrder = before !== undefined && before.#keys === keys;
    this.compare = sameOrder ? before.compare : compareBy(keys);
    this.#sort = sameOrder ? before.#sort.copy() : new IncrementalSort(this.compare);
  }

  /** Whether it is the list itself, in either direction: that takes no time. */
  get isList(): boolean {
    return this.#test === undefined && this.key.sort === "added";
  }

  rows(all: Rows): Rows {
    return runAtOnce(this.steps(all));
  }

  *steps(all: Rows): Steps<Rows> {
    const some = this.#filter === undefined ? all : yield* this.#filter.steps(all);
    if (this.key.sort === "added") return this.key.reversed ? some.toReversed() : some;
    return yield* this.#sort.steps(some);
  }
}
