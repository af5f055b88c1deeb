// Which rows are shown, and in which order: status, type, search, sort. Remembered, except for the search. Knows rows;
// knows no channel.
import type { Category } from "./api.ts";
import { type Filter, isCategory, isFilter } from "./filters.ts";
import { IncrementalFilter } from "./incremental-filter.ts";
import { IncrementalSort, placeOf } from "./incremental-sort.ts";
import { categoryLabels, filterLabels } from "./labels.ts";
import { IncrementalCounts, type RowCounts } from "./row-counts.ts";
import { find, type Rows } from "./rows.ts";
import { searchTest } from "./search-terms.ts";
import { compareBy, type Sort, type SortKey, sortKeysOf } from "./sort-orders.ts";
import { loadFields, save } from "./stored.ts";

const storageKey = "millrace.query";
const newestFirst: SortKey = { sort: "added", reversed: false };

export class ListQuery {
  search = $state("");
  #filter = $state<Filter>("all");
  #category = $state<Category | null>(null);
  /** One or two; never empty. */
  #keys = $state.raw<readonly SortKey[]>([newestFirst]);
  #rows: () => Rows;

  constructor(rows: () => Rows) {
    this.#rows = rows;
    const { filter, category, sort } = loadFields(storageKey);
    const keys = sortKeysOf(sort).slice(0, 2);
    if (isFilter(filter)) this.#filter = filter;
    if (isCategory(category)) this.#category = category;
    if (keys.length > 0) this.#keys = keys;
  }

  #remember(): void {
    save(storageKey, { filter: this.#filter, category: this.#category, sort: this.#keys });
  }

  get filter(): Filter {
    return this.#filter;
  }
  set filter(filter: Filter) {
    this.#filter = filter;
    this.#remember();
  }

  get category(): Category | null {
    return this.#category;
  }
  set category(category: Category | null) {
    this.#category = category;
    this.#remember();
  }

  get keys(): readonly SortKey[] {
    return this.#keys;
  }
  /** The first key's order. */
  get sort(): Sort {
    return (this.#keys[0] ?? newestFirst).sort;
  }
  get reversed(): boolean {
    return (this.#keys[0] ?? newestFirst).reversed;
  }

  #filtering: IncrementalFilter | undefined = $derived.by(() => {
    const [filter, category] = [this.#filter, this.#category];
    const names = {
      status: (group: Exclude<Filter, "all">) => filterLabels[group](),
      type: (type: Category) => categoryLabels[type](),
    };
    const found = searchTest(this.search, Date.now(), names);
    if (filter === "all" && category === null && found === undefined) return undefined;
    return new IncrementalFilter(
      (row) =>
        (filter === "all" || row.group === filter) &&
        (category === null || row.category === category) &&
        (found === undefined || found(row)),
    );
  });
  #some: Rows = $derived.by(() => this.#filtering?.filter(this.#rows()) ?? this.#rows());

  #compare = $derived(compareBy(this.#keys));
  #sorting: IncrementalSort = $derived(new IncrementalSort(this.#compare));

  rows: Rows = $derived.by(() => {
    if (this.sort === "added") return this.reversed ? this.#some.toReversed() : this.#some;
    return this.#sorting.sort(this.#some);
  });

  /** Ids of the rows, as they are shown. */
  order: readonly number[] = $derived(this.rows.map((row) => row.id));

  /** Place of a download among the rows shown, from 0; -1 when it is not shown. */
  indexOf(id: number): number {
    const row = find(this.#rows(), id);
    if (row === undefined) return -1;
    const place = placeOf(this.rows, row, this.#compare);
    return this.rows[place]?.id === id ? place : -1;
  }

  /** Whether a filter or search hides rows. */
  partial: boolean = $derived(this.#filter !== "all" || this.#category !== null || this.search.trim() !== "");

  #counting = new IncrementalCounts();
  /** Number of rows by status and type, whatever is shown. */
  counts: RowCounts = $derived.by(() => this.#counting.count(this.#rows()));

  /** Shows one status and one type. */
  showOnly(filter: Filter, category: Category | null = null): void {
    this.#filter = filter;
    this.#category = category;
    this.#remember();
  }

  /** Shows one status of the type that is shown; "all" shows every type again. */
  showStatus(filter: Filter): void {
    this.showOnly(filter, filter === "all" ? null : this.#category);
  }

  showAll(): void {
    this.showOnly("all");
    this.search = "";
  }

  sortByKeys(keys: readonly SortKey[]): void {
    this.#keys = keys.length === 0 ? [newestFirst] : keys;
    this.#remember();
  }

  /**
   * Sorts by one column; by the current one again reverses the order. `second`: keeps the first key, and orders rows that
   * are equal by it.
   */
  sortBy(sort: Sort, second = false): void {
    const [first = newestFirst] = this.#keys;
    const at = this.#keys.findIndex((key) => key.sort === sort);
    if (second && at !== 0)
      this.sortByKeys([first, { sort, reversed: at === 1 && !this.#keys[1]?.reversed }]);
    else if (second) this.sortByKeys([{ sort, reversed: !first.reversed }, ...this.#keys.slice(1)]);
    else this.sortByKeys([{ sort, reversed: at === 0 && !first.reversed }]);
  }
}
