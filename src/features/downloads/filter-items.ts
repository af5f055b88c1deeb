// The filters of the list as menu items: icon, label and number of downloads. Knows the list's query and totals.
import type { IconName } from "../../components/icons.ts";
import type { Totals } from "../../lib/api.ts";
import { categories, type Filter, filters, type ListQuery } from "../../lib/list-query.svelte.ts";
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
  return filters.map((filter) => ({
    id: filter,
    icon: filterIcons[filter],
    label: filterLabels[filter](),
    count: totals[filter],
    on: query.category === null && query.filter === filter,
    needsAttention: filter === "failed" && totals.failed > 0,
    choose: () => query.showOnly(filter),
  }));
}

/** Only categories that have rows, and the selected one. */
export function typeItems(query: ListQuery): FilterItem[] {
  return categories
    .filter((category) => query.counts.has(category) || query.category === category)
    .map((category) => ({
      id: category,
      icon: category,
      label: categoryLabels[category](),
      count: query.counts.get(category) ?? 0,
      on: query.category === category,
      needsAttention: false,
      choose: () => query.showOnly("all", category),
    }));
}
