// The orders of the list, one for each column. Pure.
import type { Phase, PhaseGroup, Priority, Row, Verdict } from "./api.ts";
import { columnIds, isColumnId, type ColumnId } from "./columns.ts";
import { share } from "./format.ts";
import type { Compare } from "./incremental-sort.ts";
import { nameOrder } from "./name-order.ts";
import { proofOf } from "./proof.ts";

export type Sort = ColumnId;
/** The orders that a menu offers; the others belong to columns that the user has chosen. */
export const sorts = [
  "added",
  "queue",
  "name",
  "size",
  "progress",
  "speed",
  "eta",
  "host",
  "finished",
] as const satisfies readonly Sort[];

/** One key of the order; reversed, it runs against its natural direction. */
export type SortKey = { sort: Sort; reversed: boolean };

const compareNames = nameOrder();
/** The queue order of the groups: active, queued, what waits for the user (paused, failed), done. */
const stages: Record<PhaseGroup, number> = { active: 0, queued: 1, paused: 2, failed: 3, done: 4 };
const phases: Record<Phase, number> = {
  running: 0,
  finishing: 1,
  probing: 2,
  waiting: 3,
  stopping: 4,
  queued: 5,
  paused: 6,
  failed: 7,
  done: 8,
};
const priorities: Record<Priority, number> = { high: 0, normal: 1, low: 2 };
const proofs: Record<Verdict["by"], number> = { checksum: 0, "server-digest": 1, length: 2, nothing: 3 };

/** A file that was found to be another one comes first: it needs a look. */
function proofRank(row: Row): number {
  const proof = proofOf(row);
  if (proof?.matches === false) return -1;
  if (row.verdict === null) return 0;
  return proof === undefined ? proofs[row.verdict.by] : Math.min(proofs[row.verdict.by], 1);
}

// Each in its natural first direction: newest, next, A to Z, largest, most progress, fastest, soonest.
const orders: Record<Sort, Compare> = {
  added: (a, b) => b.id - a.id,
  queue: (a, b) => stages[a.group] - stages[b.group] || (a.place ?? 0) - (b.place ?? 0),
  name: (a, b) => compareNames(a.name, b.name),
  size: (a, b) => (b.total ?? b.received) - (a.total ?? a.received),
  progress: (a, b) => (share(b.received, b.total) ?? 0) - (share(a.received, a.total) ?? 0),
  speed: (a, b) => b.speed - a.speed,
  eta: (a, b) => (a.eta ?? 0) - (b.eta ?? 0),
  status: (a, b) => phases[a.phase] - phases[b.phase],
  finished: (a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0),
  host: (a, b) => compareNames(a.host, b.host),
  folder: (a, b) => compareNames(a.folder, b.folder),
  verified: (a, b) => proofRank(a) - proofRank(b),
  priority: (a, b) => priorities[a.priority] - priorities[b.priority],
  tags: (a, b) => compareNames(a.tags.join(" "), b.tags.join(" ")),
};

/** Rows without a value come last in both directions. */
const lacks: Partial<Record<Sort, (row: Row) => boolean>> = {
  eta: (row) => row.eta === null,
  finished: (row) => row.finishedAt === null,
  verified: (row) => row.verdict === null,
  tags: (row) => row.tags.length === 0,
};

/** Whether the natural direction is ascending: A to Z, soonest, first. */
const rising = new Set<Sort>(["name", "eta", "status", "host", "folder", "queue", "tags"]);

export const directionOf = ({ sort, reversed }: SortKey): "ascending" | "descending" =>
  rising.has(sort) === reversed ? "descending" : "ascending";

function byKey({ sort, reversed }: SortKey): Compare {
  const order = orders[sort];
  const lacking = lacks[sort];
  const turn = reversed ? -1 : 1;
  if (lacking === undefined) return (a, b) => turn * order(a, b);
  return (a, b) => Number(lacking(a)) - Number(lacking(b)) || (lacking(a) ? 0 : turn * order(a, b));
}

/** Rows equal by all keys are ordered by id, so that they keep their place between frames. */
export function compareBy(keys: readonly SortKey[]): Compare {
  const compares = keys.map(byKey);
  return (a, b) => {
    for (const compare of compares) {
      const order = compare(a, b);
      if (order !== 0) return order;
    }
    return b.id - a.id;
  };
}

/** Reads stored keys; what is not valid is left out. */
export function sortKeysOf(value: unknown): SortKey[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => {
    const { sort, reversed } = (one ?? {}) as Partial<Record<keyof SortKey, unknown>>;
    return isColumnId(sort) && columnIds.includes(sort) ? [{ sort, reversed: reversed === true }] : [];
  });
}
