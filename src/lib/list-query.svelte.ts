// Which rows the user has asked for, and in which order: status, type, search, sort; and what is shown. In a long list that
// is the arrangement of before until the new one is ready. Remembered, except for the search. Knows rows; knows no channel.
import type { Category } from "./api.ts";
import { Arrangement, newestFirst } from "./arrangement.ts";
import { type Filter, isCategory, isFilter } from "./filters.ts";
import type { RowTest } from "./incremental-filter.ts";
import { placeOf } from "./incremental-sort.ts";
import { categoryLabels, filterLabels } from "./labels.ts";
import { rowChanges } from "./row-changes.ts";
import { IncrementalCounts, type RowCounts } from "./row-counts.ts";
import { find, type Rows } from "./rows.ts";
import { searchTest } from "./search-terms.ts";
import { type Sort, type SortKey, sortKeysOf } from "./sort-orders.ts";
import { loadFields, save } from "./stored.ts";
import { runInSlices } from "./time-slices.ts";

const storageKey = "millrace.query";
/** As many rows, or changes of rows, are arranged in one piece: in a few milliseconds. */
const atOnce = 1_000;

export class ListQuery {
  #search = $state("");
  #filter = $state<Filter>("all");
  #category = $state<Category | null>(null);
  /** One or two; never empty. */
  #keys = $state.raw<readonly SortKey[]>([newestFirst]);
  #rows: () => Rows;
  /** Behind what was asked for while that is prepared. */
  #shown: Arrangement;
  /** Stops the preparation; undefined when there is none. */
  #preparing = $state.raw<AbortController | undefined>();
  #prepared: Promise<void> = Promise.resolve();

  constructor(rows: () => Rows) {
    this.#rows = rows;
    const { filter, category, sort } = loadFields(storageKey);
    const keys = sortKeysOf(sort).slice(0, 2);
    if (isFilter(filter)) this.#filter = filter;
    if (isCategory(category)) this.#category = category;
    if (keys.length > 0) this.#keys = keys;
    this.#shown = $state.raw(new Arrangement(this.#test, this.#keys));
  }

  #remember(): void {
    save(storageKey, { filter: this.#filter, category: this.#category, sort: this.#keys });
  }

  get search(): string {
    return this.#search;
  }
  set search(search: string) {
    this.#search = search;
    this.#arrange();
  }

  get filter(): Filter {
    return this.#filter;
  }
  set filter(filter: Filter) {
    this.showOnly(filter, this.#category);
  }

  get category(): Category | null {
    return this.#category;
  }
  set category(category: Category | null) {
    this.showOnly(this.#filter, category);
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

  #test: RowTest | undefined = $derived.by(() => {
    const [filter, category] = [this.#filter, this.#category];
    const names = {
      status: (group: Exclude<Filter, "all">) => filterLabels[group](),
      type: (type: Category) => categoryLabels[type](),
    };
    const found = searchTest(this.#search, Date.now(), names);
    if (filter === "all" && category === null && found === undefined) return undefined;
    return (row) =>
      (filter === "all" || row.group === filter) &&
      (category === null || row.category === category) &&
      (found === undefined || found(row));
  });

  /** Shows what is asked for: a short list immediately, a long one when it is ready. */
  #arrange(): void {
    this.#preparing?.abort();
    this.#preparing = undefined;
    const next = new Arrangement(this.#test, this.#keys, this.#shown);
    if (next.isList || this.#rows().length <= atOnce) this.#shown = next;
    else this.#prepared = this.#prepare(next);
  }

  async #prepare(next: Arrangement): Promise<void> {
    const preparing = new AbortController();
    const { signal } = preparing;
    this.#preparing = preparing;
    let all: Rows;
    do {
      all = this.#rows();
      await runInSlices(next.steps(all), signal);
      if (signal.aborted) return;
      // While a list is loaded, many rows come meanwhile.
    } while (rowChanges(all, this.#rows()).added.length > atOnce);
    this.#shown = next;
    this.#preparing = undefined;
  }

  rows: Rows = $derived.by(() => this.#shown.rows(this.#rows()));

  /** The first key of the order of `rows`. */
  get shownKey(): SortKey {
    return this.#shown.key;
  }

  /** Whether `rows` are still those of before. */
  get preparing(): boolean {
    return this.#preparing !== undefined;
  }

  /** Resolves when `rows` are what was asked for. */
  async settled(): Promise<void> {
    while (this.preparing) await this.#prepared;
  }

  /** Whether what was asked for has no row. */
  empty: boolean = $derived(this.rows.length === 0 && !this.preparing);

  /** Ids of the rows, as they are shown. */
  order: readonly number[] = $derived(this.rows.map((row) => row.id));

  /** Place of a download among the rows shown, from 0; -1 when it is not shown. */
  indexOf(id: number): number {
    const row = find(this.#rows(), id);
    if (row === undefined) return -1;
    const place = placeOf(this.rows, row, this.#shown.compare);
    return this.rows[place]?.id === id ? place : -1;
  }

  /** Whether a filter or search hides rows. */
  partial: boolean = $derived(
    this.#filter !== "all" || this.#category !== null || this.#search.trim() !== "",
  );

  #counting = new IncrementalCounts();
  /** Number of rows by status and type, whatever is shown. */
  counts: RowCounts = $derived.by(() => this.#counting.count(this.#rows()));

  /** Shows one status and one type. */
  showOnly(filter: Filter, category: Category | null = null): void {
    this.#filter = filter;
    this.#category = category;
    this.#remember();
    this.#arrange();
  }

  /** Shows one status of the type that is shown; "all" shows every type again. */
  showStatus(filter: Filter): void {
    this.showOnly(filter, filter === "all" ? null : this.#category);
  }

  showAll(): void {
    this.#search = "";
    this.showOnly("all");
  }

  sortByKeys(keys: readonly SortKey[]): void {
    this.#keys = keys.length === 0 ? [newestFirst] : keys;
    this.#remember();
    this.#arrange();
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
