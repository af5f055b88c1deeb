// The list as a value: rows newest first, and how snapshots and frames change it. Pure; knows no channel,
// no clock and no screen. A row is two values that go forward each on its own: its numbers by `counted`, all else by
// `rev`. So whatever is lost, doubled or late, neither ever goes back.
import type { RowNumbers, Page, Phase, Row } from "./api.ts";

/** Sorted by id, descending; ids are unique. Never changed in place. */
export type Rows = readonly Row[];

/** Whether bytes are on their way to the disk. */
export const isTransferring = (phase: Phase): boolean => phase === "running" || phase === "finishing";

/** Where `id` is or would be. */
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

/** RowNumbers whose row is not here yet: they wait for it. */
export type EarlyNumbers = Map<number, RowNumbers>;

/** Takes in whole rows; `gone` are ids that left the list for good and stay away. */
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

/** Takes in numbers alone. */
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
 * One round of pulling all pages. Rows that neither a page nor a frame has named by its end are gone; a row
 * that slipped between two pages while the list moved is noticed by the count and asks for another round.
 */
export class Pull {
  #seen = new Set<number>();
  /** Where the next page begins. */
  next = 0;

  /** A frame arrived meanwhile. */
  frame(rows: readonly Row[], removed: readonly number[]): void {
    for (const row of rows) this.#seen.add(row.id);
    for (const id of removed) {
      // Rows behind the removed one moved up by one: read one of them again rather than miss one.
      if (this.#seen.delete(id)) this.next = Math.max(0, this.next - 1);
    }
  }

  /** Whether more pages are to come. */
  page(page: Page): boolean {
    for (const row of page.rows) this.#seen.add(row.id);
    this.next = page.first + page.rows.length;
    return page.rows.length > 0 && this.next < page.length;
  }

  /** What is left when all pages are in. */
  settle(rows: Rows): Rows {
    return rows.every((row) => this.#seen.has(row.id)) ? rows : rows.filter((row) => this.#seen.has(row.id));
  }
}
