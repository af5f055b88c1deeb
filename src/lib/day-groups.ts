// Finished downloads by the day on which they finished. Pure; days and weeks are those of the local time.
import type { Row } from "./api.ts";
import type { Rows } from "./rows.ts";

export type DayGroup = "today" | "yesterday" | "week" | "earlier" | "unfinished";

/** A heading before the row at this index. */
export type GroupStart = { at: number; group: DayGroup };

const midnight = (time: number, days = 0): number => {
  const day = new Date(time);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days).getTime();
};

/** `now` in ms since 1970. A week begins on Monday (ISO 8601). */
function dayGroupOf(row: Row, now: number): DayGroup {
  if (row.finishedAt === null) return "unfinished";
  if (row.finishedAt >= midnight(now)) return "today";
  if (row.finishedAt >= midnight(now, -1)) return "yesterday";
  return row.finishedAt >= midnight(now, -((new Date(now).getDay() + 6) % 7)) ? "week" : "earlier";
}

/** Where each group begins, in rows sorted by when they finished, in either direction. */
export function groupStarts(rows: Rows, now: number): GroupStart[] {
  const starts: GroupStart[] = [];
  let from = 0;
  while (from < rows.length) {
    const first = rows[from];
    if (first === undefined) break;
    const group = dayGroupOf(first, now);
    starts.push({ at: from, group });
    // The first row of another group; groups are contiguous.
    let [low, high] = [from + 1, rows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = rows[middle];
      if (row !== undefined && dayGroupOf(row, now) === group) low = middle + 1;
      else high = middle;
    }
    from = low;
  }
  return starts;
}
