// Searches that the user has saved, with status, type and order, in the order of saving. Remembered. Knows no row.
import type { Category } from "./api.ts";
import { type Filter, isCategory, isFilter } from "./filters.ts";
import type { ListQuery } from "./list-query.svelte.ts";
import { type SortKey, sortKeysOf } from "./sort-orders.ts";
import { load, save } from "./stored.ts";

const storageKey = "millrace.views";

export type SavedView = {
  name: string;
  search: string;
  filter: Filter;
  category: Category | null;
  sort: readonly SortKey[];
};

function viewOf(value: unknown): SavedView[] {
  const { name, search, filter, category, sort } = (value ?? {}) as Record<string, unknown>;
  if (typeof name !== "string" || typeof search !== "string" || !isFilter(filter)) return [];
  return [{ name, search, filter, category: isCategory(category) ? category : null, sort: sortKeysOf(sort) }];
}

export class SavedViews {
  all = $state.raw<readonly SavedView[]>([]);

  constructor() {
    const stored = load(storageKey);
    if (Array.isArray(stored)) this.all = stored.flatMap(viewOf);
  }

  #set(all: readonly SavedView[]): void {
    this.all = all;
    save(storageKey, all);
  }

  /** Saves what is shown under this name; a view of the same name is replaced. */
  save(name: string, { search, filter, category, keys }: ListQuery): void {
    const view = { name, search: search.trim(), filter, category, sort: keys };
    const at = this.all.findIndex((one) => one.name === name);
    this.#set(at < 0 ? [...this.all, view] : this.all.with(at, view));
  }

  show({ search, filter, category, sort }: SavedView, query: ListQuery): void {
    query.search = search;
    query.showOnly(filter, category);
    query.sortByKeys(sort);
  }

  /** Whether the list shows this view, in whatever order. */
  shown(view: SavedView, query: ListQuery): boolean {
    return (
      query.search.trim() === view.search && query.filter === view.filter && query.category === view.category
    );
  }

  remove(view: SavedView): void {
    this.#set(this.all.filter((one) => one !== view));
  }
}
