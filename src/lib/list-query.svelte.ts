// Which rows are shown, and in which order: filter, search, sort. Knows rows; knows no channel.
import type { Category, PhaseGroup, Row } from "./api.ts";
import { share } from "./format.ts";
import type { Rows } from "./rows.ts";
import { type Compare, IncrementalSort } from "./incremental-sort.ts";

export type Filter = "all" | PhaseGroup;
export const filters = [
  "all",
  "active",
  "queued",
  "paused",
  "failed",
  "done",
] as const satisfies readonly Filter[];

export const categories = [
  "video",
  "audio",
  "image",
  "document",
  "archive",
  "disc",
  "program",
  "code",
  "file",
] as const satisfies readonly Category[];

export const sorts = ["added", "queue", "name", "size", "progress", "speed", "eta", "host"] as const;
export type Sort = (typeof sorts)[number];

const names = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
/** The queue order of the groups: active, queued, what waits for the user (paused, failed), done. */
const stages: Record<PhaseGroup, number> = { active: 0, queued: 1, paused: 2, failed: 3, done: 4 };
// Each in its natural first direction: newest, next, A to Z, largest, most progress, fastest, soonest.
const orders: Record<Sort, Compare> = {
  added: () => 0,
  queue: (a, b) => stages[a.group] - stages[b.group] || (a.place ?? Infinity) - (b.place ?? Infinity) || 0,
  name: (a, b) => names.compare(a.name, b.name),
  size: (a, b) => (b.total ?? b.received) - (a.total ?? a.received),
  progress: (a, b) => (share(b.received, b.total) ?? 0) - (share(a.received, a.total) ?? 0),
  speed: (a, b) => b.speed - a.speed,
  eta: (a, b) => Math.min(a.eta ?? 1e12, 1e12) - Math.min(b.eta ?? 1e12, 1e12),
  host: (a, b) => names.compare(a.host, b.host),
};

/** Cache: lower-cased once per row, not once per frame. */
const texts = new WeakMap<Row, string>();
function textOf(row: Row): string {
  let text = texts.get(row);
  if (text === undefined) {
    text = `${row.name} ${row.url}`.toLowerCase();
    texts.set(row, text);
  }
  return text;
}

export class ListQuery {
  filter = $state<Filter>("all");
  category = $state<Category | null>(null);
  search = $state("");
  sort = $state<Sort>("added");
  reversed = $state(false);
  #rows: () => Rows;

  constructor(rows: () => Rows) {
    this.#rows = rows;
  }

  #some: Rows = $derived.by(() => {
    const all = this.#rows();
    const words = this.search.toLowerCase().split(/\s+/).filter(Boolean);
    if (this.filter === "all" && this.category === null && words.length === 0) return all;
    return all.filter((row) => {
      if (this.filter !== "all" && row.group !== this.filter) return false;
      if (this.category !== null && row.category !== this.category) return false;
      if (words.length === 0) return true;
      const text = textOf(row);
      return words.every((word) => text.includes(word));
    });
  });

  #ordered: IncrementalSort = $derived.by(() => {
    const order = orders[this.sort];
    const turn = this.reversed ? -1 : 1;
    // Ties are broken by id, so that equal rows keep their order between frames.
    return new IncrementalSort((a, b) => turn * order(a, b) || b.id - a.id);
  });

  rows: Rows = $derived.by(() => {
    if (this.sort === "added") return this.reversed ? this.#some.toReversed() : this.#some;
    return this.#ordered.sort(this.#some);
  });

  /** Ids of the rows, as they are shown. */
  order: readonly number[] = $derived(this.rows.map((row) => row.id));

  /** Whether a filter or search hides rows. */
  partial: boolean = $derived(this.filter !== "all" || this.category !== null || this.search.trim() !== "");

  /** Number of rows per category; categories without rows are omitted. */
  counts: ReadonlyMap<Category, number> = $derived.by(() => {
    const counts = new Map<Category, number>();
    for (const row of this.#rows()) counts.set(row.category, (counts.get(row.category) ?? 0) + 1);
    return counts;
  });

  /** Shows one part of the list, by state or by category. */
  showOnly(filter: Filter, category: Category | null = null): void {
    this.filter = filter;
    this.category = category;
  }

  showAll(): void {
    this.showOnly("all");
    this.search = "";
  }

  /** Sorting by the current column again reverses the order. */
  sortBy(sort: Sort): void {
    this.reversed = this.sort === sort ? !this.reversed : false;
    this.sort = sort;
  }
}
