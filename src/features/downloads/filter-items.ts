// How each part of the list looks where it can be chosen: its icon, its word, how many are in it. Knows the desk.
import type { IconName } from "../../components/icons.ts";
import { categories, type Filter, filters } from "../../lib/list-query.svelte.ts";
import { categoryWords, filterWords } from "../../lib/labels.ts";
import type { Desk } from "./app-store.svelte.ts";

export type View = {
  id: string;
  icon: IconName;
  word: string;
  count: number;
  on: boolean;
  /** Something there wants the person. */
  bad: boolean;
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

export function stateViews(desk: Desk): View[] {
  const { shown, list } = desk;
  return filters.map((filter) => ({
    id: filter,
    icon: filterIcons[filter],
    word: filterWords[filter](),
    count: list.totals[filter],
    on: shown.category === null && shown.filter === filter,
    bad: filter === "failed" && list.totals.failed > 0,
    choose: () => shown.only(filter),
  }));
}

/** Only those that there are any of, and the one that is shown. */
export function categoryViews(desk: Desk): View[] {
  const { shown } = desk;
  return categories
    .filter((category) => shown.counts.has(category) || shown.category === category)
    .map((category) => ({
      id: category,
      icon: category,
      word: categoryWords[category](),
      count: shown.counts.get(category) ?? 0,
      on: shown.category === category,
      bad: false,
      choose: () => shown.only("all", category),
    }));
}
