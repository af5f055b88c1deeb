// The columns of the table of downloads: what they are, how wide, which are shown at first. Each is also an order of the
// list. Knows no row and no screen.

export const columnIds = [
  "name",
  "size",
  "progress",
  "speed",
  "eta",
  "status",
  "added",
  "finished",
  "host",
  "folder",
  "queue",
  "verified",
  "priority",
  "tags",
] as const;
export type ColumnId = (typeof columnIds)[number];

type ColumnDefaults = {
  /** At first, in px. The name takes what is left, and at least this. */
  width: number;
  /** Least width, in px. */
  least: number;
  /** Whether it is shown at first. */
  shown: boolean;
  /** Numbers, aligned at the end. */
  number?: boolean;
};

export const columnDefaults: Record<ColumnId, ColumnDefaults> = {
  name: { width: 220, least: 160, shown: true },
  size: { width: 84, least: 64, shown: true, number: true },
  progress: { width: 180, least: 96, shown: true },
  speed: { width: 92, least: 72, shown: true, number: true },
  eta: { width: 84, least: 56, shown: true, number: true },
  status: { width: 128, least: 72, shown: false },
  added: { width: 120, least: 72, shown: true },
  finished: { width: 120, least: 72, shown: false },
  host: { width: 148, least: 72, shown: false },
  folder: { width: 160, least: 72, shown: false },
  queue: { width: 64, least: 48, shown: false, number: true },
  verified: { width: 112, least: 56, shown: false },
  priority: { width: 84, least: 64, shown: false },
  tags: { width: 140, least: 64, shown: false },
};

/** Greatest width of a column, in px. */
export const widest = 640;
/** Those that make way in a narrow list, first to go first. */
export const yielding = ["added", "size", "eta"] as const satisfies readonly ColumnId[];

export const isColumnId = (value: unknown): value is ColumnId => columnIds.some((id) => id === value);
