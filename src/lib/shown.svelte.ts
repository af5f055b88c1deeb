// Which rows are shown, and in what order: filter, search, sort. Knows rows; knows no channel.
import type { Phase, Row } from "./api.ts";
import { share } from "./format.ts";
import type { Rows } from "./model.ts";

export const filters = ["all", "active", "queued", "paused", "failed", "done"] as const;
export type Filter = (typeof filters)[number];
export const filterNames: Record<Filter, string> = {
  all: "All",
  active: "Active",
  queued: "Queued",
  paused: "Paused",
  failed: "Failed",
  done: "Done",
};

export const filterOf: Record<Phase, Filter> = {
  queued: "queued",
  probing: "active",
  running: "active",
  stopping: "active",
  waiting: "active",
  finishing: "active",
  paused: "paused",
  failed: "failed",
  done: "done",
};

export const sorts = ["added", "name", "size", "progress"] as const;
export type Sort = (typeof sorts)[number];
export const sortNames: Record<Sort, string> = {
  added: "Date added",
  name: "Name",
  size: "Size",
  progress: "Progress",
};

const names = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
// Each in its natural first direction: newest, A to Z, largest, least to go.
const orders: Record<Sort, (a: Row, b: Row) => number> = {
  added: (a, b) => b.id - a.id,
  name: (a, b) => names.compare(a.name, b.name),
  size: (a, b) => (b.total ?? b.received) - (a.total ?? a.received),
  progress: (a, b) => (share(b.received, b.total) ?? 0) - (share(a.received, a.total) ?? 0),
};

export class Shown {
  filter = $state<Filter>("all");
  search = $state("");
  sort = $state<Sort>("added");
  reversed = $state(false);
  #rows: () => Rows;

  constructor(rows: () => Rows) {
    this.#rows = rows;
  }

  rows: Rows = $derived.by(() => {
    const all = this.#rows();
    const words = this.search.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (row: Row): boolean => {
      if (this.filter !== "all" && filterOf[row.phase] !== this.filter) return false;
      if (words.length === 0) return true;
      const text = `${row.name} ${row.url}`.toLowerCase();
      return words.every((word) => text.includes(word));
    };
    const some = this.filter === "all" && words.length === 0 ? all : all.filter(matches);
    if (this.sort === "added") return this.reversed ? some.toReversed() : some;
    const order = orders[this.sort];
    // Equal rows stay in the order of their numbers, so that the list does not dance.
    const sorted = some.toSorted((a, b) => order(a, b) || b.id - a.id);
    return this.reversed ? sorted.reverse() : sorted;
  });

  /** The same sort again turns it round. */
  by(sort: Sort): void {
    this.reversed = this.sort === sort ? !this.reversed : false;
    this.sort = sort;
  }
}
