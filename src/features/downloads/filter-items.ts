// The filters of the list as menu items: icon, label and number of downloads. Status and type combine: each counts what
// it would show with the other. Knows the list's query and totals.
import type { IconName } from "../../components/icons.ts";
import type { Totals } from "../../lib/api.ts";
import { categories, type Filter, filters } from "../../lib/filters.ts";
import type { ListQuery } from "../../lib/list-query.svelte.ts";
import { categoryLabels, filterLabels } from "../../lib/labels.ts";

export type FilterItem = {
  id: string;
  icon: IconName;
  label: string;
  count: number;
  on: boolean;
  /** Something there needs the user. */
  needsAttention: boolean;
  choose: () => void;
  /** What a press on the chosen one does. */
  unchoose: () => void;
};

export const filterIcons: Record<Filter, IconName> = {
  all: "list",
  active: "down",
  queued: "hourglass",
  paused: "pause",
  failed: "alert",
  done: "check",
};

export function statusItems(query: ListQuery, totals: Totals): FilterItem[] {
  const { category } = query;
  return filters.map((filter) => ({
    id: filter,
    icon: filterIcons[filter],
    label: filterLabels[filter](),
    // The core knows the totals before all rows have arrived.
    count: category === null || filter === "all" ? totals[filter] : query.counts.of(filter, category),
    on: query.filter === filter && (filter !== "all" || category === null),
    needsAttention: filter === "failed" && totals.failed > 0,
    choose: () => query.showStatus(filter),
    unchoose: () => query.showOnly("all", category),
  }));
}

/** Only categories that have rows, and the selected one. */
export function typeItems(query: ListQuery): FilterItem[] {
  const { counts } = query;
  return categories
    .filter((category) => counts.of("all", category) > 0 || query.category === category)
    .map((category) => ({
      id: category,
      icon: category,
      label: categoryLabels[category](),
      count: counts.of(query.filter, category),
      on: query.category === category,
      needsAttention: false,
      choose: () => query.showOnly(query.filter, category),
      unchoose: () => query.showOnly(query.filter),
    }));
}
