// The sort orders of the list, as items of a menu; the same choice again reverses the order.
import type { MenuItem } from "../../components/menu-entries.ts";
import { sortLabels } from "../../lib/labels.ts";
import type { ListQuery } from "../../lib/list-query.svelte.ts";
import { type Sort, sorts } from "../../lib/sort-orders.ts";

export function sortItems(query: ListQuery): MenuItem[] {
  /** With the order of a column that the menu does not offer otherwise. */
  const all = new Set<Sort>([...sorts, query.sort]);
  return [...all].map((sort) => ({
    id: `sort-${sort}`,
    label: sortLabels[sort](),
    checked: query.sort === sort,
    mark: query.reversed ? "up" : "down",
    run: () => query.sortBy(sort),
  }));
}
