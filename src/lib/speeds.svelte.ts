// The last sixty seconds of speed of every moving download, one sample a second. Knows rows, no channel.
import type { Phase, Row } from "./api.ts";

export const span = 60;

const moving = (phase: Phase): boolean => phase === "running" || phase === "finishing";

export class Speeds {
  #samples = $state.raw<ReadonlyMap<number, readonly number[]>>(new Map());

  /** Oldest first, at most `span`. */
  of(id: number): readonly number[] {
    return this.#samples.get(id) ?? [];
  }

  /** Once a second. A row that stopped keeps its samples and gets zeros until they have all left. */
  sample(rows: readonly Row[]): void {
    const next = new Map<number, readonly number[]>();
    for (const row of rows) {
      const known = this.#samples.get(row.id);
      if (!moving(row.phase) && known === undefined) continue;
      const samples = [...(known ?? []), moving(row.phase) ? row.speed : 0].slice(-span);
      if (samples.some((speed) => speed > 0) || moving(row.phase)) next.set(row.id, samples);
    }
    this.#samples = next;
  }
}
