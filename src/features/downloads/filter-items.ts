// The filters of the list as menu items: icon, label and number of downloads. Knows the store.
import type { IconName } from "../../components/icons.ts";
import { categories, type Filter, filters } from "../../lib/list-query.svelte.ts";
import { categoryLabels, filterLabels } from "../../lib/labels.ts";
import type { AppStore } from "./app-store.svelte.ts";

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

export function statusItems(store: AppStore): FilterItem[] {
  const { query, list } = store;
  return filters.map((filter) => ({
    id: filter,
    icon: filterIcons[filter],
    label: filterLabels[filter](),
    count: list.totals[filter],
    on: query.category === null && query.filter === filter,
    needsAttention: filter === "failed" && list.totals.failed > 0,
    choose: () => query.showOnly(filter),
  }));
}

/** Only categories that have rows, and the selected one. */
export function typeItems(store: AppStore): FilterItem[] {
  const { query } = store;
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
