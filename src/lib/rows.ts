// The list as a value: rows newest first, and how snapshots and frames change it. Pure; knows no channel, clock or
// view. A row has two parts with independent versions: its numbers (`counted`) and everything else (`rev`). So neither
// ever goes back, whatever is lost, duplicated or late.
import type { RowNumbers, Page, Phase, Row } from "./api.ts";

/** Sorted by id, descending; ids are unique. Never changed in place. */
export type Rows = readonly Row[];

/** Whether bytes are being received or written to disk. */
export const isTransferring = (phase: Phase): boolean => phase === "running" || phase === "finishing";

/** Index of `id`, or where it would be inserted. */
export function position(rows: Rows, id: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.id ?? 0) > id) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function find(rows: Rows, id: number): Row | undefined {
  const row = rows[position(rows, id)];
  return row?.id === id ? row : undefined;
}

/** Numbers that arrived before their row; applied when it arrives. */
export type EarlyNumbers = Map<number, RowNumbers>;

/** Merges whole rows; `gone` has ids that were removed and are ignored. */
export function merge(
  rows: Rows,
  news: readonly Row[],
  gone: ReadonlySet<number>,
  early?: EarlyNumbers,
): Rows {
  let next: Row[] | undefined;
  for (const whole of news) {
    if (gone.has(whole.id)) continue;
    const at = position(next ?? rows, whole.id);
    const known = (next ?? rows)[at];
    if (known?.id === whole.id) {
      const row = newest(known, whole);
      if (row === known) continue;
      next ??= [...rows];
      next[at] = row;
    } else {
      const numbers = early?.get(whole.id);
      early?.delete(whole.id);
      next ??= [...rows];
      next.splice(at, 0, numbers === undefined ? whole : counted(whole, numbers));
    }
  }
  return next ?? rows;
}

/** Applies new numbers to their rows; those without a row are kept in `early`. */
export function applyNumbers(rows: Rows, news: readonly RowNumbers[], early: EarlyNumbers): Rows {
  let next: Row[] | undefined;
  for (const numbers of news) {
    const at = position(next ?? rows, numbers[0]);
    const known = (next ?? rows)[at];
    if (known?.id !== numbers[0]) {
      early.set(numbers[0], numbers);
      continue;
    }
    const row = counted(known, numbers);
    if (row === known) continue;
    next ??= [...rows];
    next[at] = row;
  }
  return next ?? rows;
}

function newest(known: Row, row: Row): Row {
  if (row.rev <= known.rev) return counted(known, numbersOf(row));
  return counted(row, numbersOf(known));
}

const numbersOf = (row: Row): RowNumbers => [
  row.id,
  row.counted,
  row.received,
  row.speed,
  row.eta,
  row.connections,
];

/** The row with these numbers, if they are newer than its own. */
function counted(row: Row, numbers: RowNumbers): Row {
  const [, counted, received, speed, eta, connections] = numbers;
  return counted > row.counted ? { ...row, counted, received, speed, eta, connections } : row;
}

export function removeRows(rows: Rows, gone: ReadonlySet<number>): Rows {
  return gone.size > 0 && rows.some((row) => gone.has(row.id))
    ? rows.filter((row) => !gone.has(row.id))
    : rows;
}

/**
 * One pull of all pages. Rows that neither a page nor a frame has named by its end are removed; a row that slipped
 * between two pages while the list moved makes the count differ, which triggers another pull.
 */
export class Pull {
  #seen = new Set<number>();
  /** Index of the next page's first row. */
  next = 0;

  /** Accounts for a frame that arrived during the pull. */
  frame(rows: readonly Row[], removed: readonly number[]): void {
    for (const row of rows) this.#seen.add(row.id);
    for (const id of removed) {
      // Rows after the removed one moved up by one: reads one of them twice rather than miss one.
      if (this.#seen.delete(id)) this.next = Math.max(0, this.next - 1);
    }
  }

  /** Returns whether there are more pages. */
  page(page: Page): boolean {
    for (const row of page.rows) this.#seen.add(row.id);
    this.next = page.first + page.rows.length;
    return page.rows.length > 0 && this.next < page.length;
  }

  /** The rows that remain once all pages have arrived. */
  settle(rows: Rows): Rows {
    return rows.every((row) => this.#seen.has(row.id)) ? rows : rows.filter((row) => this.#seen.has(row.id));
  }
}
