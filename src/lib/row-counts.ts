// Number of rows by status and type, kept while a few rows change at a time. Knows neither filters nor the screen.
import type { Category, Row } from "./api.ts";
import type { Filter } from "./filters.ts";
import { rowChanges } from "./row-changes.ts";
import type { Rows } from "./rows.ts";

const keyOf = (group: Filter, category: Category | null): string => `${group} ${category ?? ""}`;

/** Numbers at one moment. */
export class RowCounts {
  #counts: ReadonlyMap<string, number>;

  constructor(counts: ReadonlyMap<string, number> = new Map()) {
    this.#counts = counts;
  }

  /** Rows of this status and this type; `null` is every type. */
  of(filter: Filter, category: Category | null): number {
    return this.#counts.get(keyOf(filter, category)) ?? 0;
  }
}

/** Follows a list. */
export class IncrementalCounts {
  #rows: Rows = [];
  #counts = new Map<string, number>();

  count(rows: Rows): RowCounts {
    const { gone, added } = rowChanges(this.#rows, rows);
    this.#rows = rows;
    const counts = new Map(this.#counts);
    const step = ({ group, category }: Row, by: 1 | -1): void => {
      const keys = [keyOf(group, category), keyOf("all", category), keyOf(group, null), keyOf("all", null)];
      for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + by);
    };
    for (const row of gone) step(row, -1);
    for (const row of added) step(row, 1);
    this.#counts = counts;
    return new RowCounts(counts);
  }
}
