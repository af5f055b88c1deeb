// Small pictures of finished images, made by the core. Asked for the rows on the screen only, one at a time, and kept
// for as many rows as one scrolls past. Knows no component.
import * as api from "./api.ts";
import type { Row } from "./api.ts";

/** Pictures kept; the ones shown longest ago are dropped first. */
const maxKept = 300;

/** A file that is downloaded again is another picture. */
const keyOf = (row: Row): string => `${row.id} ${row.finishedAt ?? 0}`;

export class Thumbnails {
  /** Null for a file that the core makes no picture of. */
  #made = $state.raw<ReadonlyMap<string, string | null>>(new Map());
  #wanted: readonly Row[] = [];
  #asking = false;

  of(row: Row): string | undefined {
    return this.#made.get(keyOf(row)) ?? undefined;
  }

  /** The rows on the screen. */
  setVisible(rows: readonly Row[]): void {
    this.#wanted = rows.filter((row) => row.phase === "done" && row.category === "image");
    if (!this.#asking) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    for (;;) {
      const row = this.#wanted.find((one) => !this.#made.has(keyOf(one)));
      if (row === undefined) break;
      // A file that is gone has no picture; its row says so.
      const picture = await api.thumbnail(row.id).catch(() => null);
      const kept = [...this.#made].slice(-maxKept + 1);
      this.#made = new Map([...kept, [keyOf(row), picture]]);
    }
    this.#asking = false;
  }
}
