// How much all downloads that run or are queued still have to receive. Pure.
import type { Rows } from "./rows.ts";

export type WorkLeft = {
  /** Of the files whose length is known. */
  bytes: number;
  /** There are files whose length is unknown: more than `bytes` is left. */
  more: boolean;
};

/** Undefined when nothing runs and nothing is queued. Paused and failed downloads wait for the user and do not count. */
export function workLeft(rows: Rows): WorkLeft | undefined {
  let work: WorkLeft | undefined;
  for (const row of rows) {
    if (row.group !== "active" && row.group !== "queued") continue;
    work ??= { bytes: 0, more: false };
    if (row.total === null) work.more = true;
    else work.bytes += Math.max(0, row.total - row.received);
  }
  return work;
}
