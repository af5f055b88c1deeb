// What the fake core works out from its rows, and its answers that never change. Pure. Never part of the build.
import type { OptionChange, Properties, QueueMove, Row, Segments, Totals } from "../lib/api.ts";
import { downloads } from "./values.ts";

/** Answers by command, where a test gives no other. */
export const usualAnswers: Readonly<Record<string, unknown>> = {
  same: [],
  clipboard: "",
  report: "Millrace 1.2.3",
  history: { items: [], more: false },
  traffic: { hours: [], hosts: [] },
  app_log: [],
  default_folder: downloads,
  free_space: 212_000_000_000,
};

/** Of a download of which no segment is known. */
export const segmentsOf = (row: Row | undefined): Segments => ({
  ...{ total: row?.total ?? null, done: [], active: [], hostAllows: null, hostAllowsUntil: null },
});

export function totalsOf(rows: Iterable<Row>): Totals {
  const totals: Totals = { speed: 0, all: 0, active: 0, queued: 0, paused: 0, failed: 0, done: 0 };
  for (const row of rows) {
    totals.all += 1;
    totals.speed += row.speed;
    totals[row.group] += 1;
  }
  return totals;
}

/** Ids of the queue after this download was moved. */
export function queueAfter(rows: readonly Row[], id: number, place: QueueMove): number[] {
  const queue = rows
    .filter((row) => row.place !== null)
    .sort((a, b) => (a.place ?? 0) - (b.place ?? 0))
    .map((row) => row.id)
    .filter((other) => other !== id);
  const at =
    place.at === "first"
      ? 0
      : place.at === "last"
        ? queue.length
        : queue.indexOf(place.id) + (place.at === "after" ? 1 : 0);
  queue.splice(at, 0, id);
  return queue;
}

/** What a changed option changes, in the row and in what only the form shows. */
export function changed(option: OptionChange): { row: Partial<Row>; more: Partial<Properties> } {
  switch (option.field) {
    case "name":
      return { row: option.value === null ? {} : { name: option.value }, more: { name: option.value } };
    case "limit":
      return { row: { limit: option.value }, more: {} };
    case "connections":
      return { row: { maxConnections: option.value }, more: {} };
    case "priority":
      return { row: { priority: option.value }, more: {} };
    case "startAt":
      return { row: { startAt: option.value, phase: "paused" }, more: {} };
    case "unmeteredOnly":
      return { row: { unmeteredOnly: option.value }, more: {} };
    case "headers":
      return { row: {}, more: { headers: option.value } };
    case "credentials":
      return {
        row: {},
        more: { user: option.value?.user ?? null, password: option.value === null ? "" : "***" },
      };
    case "proxy":
      return { row: {}, more: { proxy: option.value } };
    case "checksum":
      return { row: {}, more: { checksum: option.value } };
  }
}
