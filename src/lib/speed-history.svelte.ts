// The speed of every download: the last sixty seconds with one sample per second, and the whole time in at most 240
// steps, whose width doubles as it goes on. Kept while the window is open. Knows rows, no channel.
import type { Row } from "./api.ts";
import { isTransferring } from "./rows.ts";

export const windowSeconds = 60;
export const maxSteps = 240;

/** Means over `every` seconds each, oldest first. */
export type SpeedSeries = { every: number; means: readonly number[]; sum: number; count: number };

const fresh: SpeedSeries = { every: 1, means: [], sum: 0, count: 0 };

/** Appends one second. When all steps are used, pairs of them are merged. */
export function append(series: SpeedSeries, speed: number): SpeedSeries {
  const sum = series.sum + speed;
  const count = series.count + 1;
  if (count < series.every) return { ...series, sum, count };
  const means = [...series.means, sum / count];
  if (means.length < maxSteps) return { ...series, means, sum: 0, count: 0 };
  const halves: number[] = [];
  for (let at = 0; at + 1 < means.length; at += 2) halves.push(((means[at] ?? 0) + (means[at + 1] ?? 0)) / 2);
  return { every: series.every * 2, means: halves, sum: 0, count: 0 };
}

export class SpeedHistory {
  #minutes = $state.raw<ReadonlyMap<number, readonly number[]>>(new Map());
  #series = $state.raw<ReadonlyMap<number, SpeedSeries>>(new Map());

  /** Samples, oldest first, at most `windowSeconds`. */
  of(id: number): readonly number[] {
    return this.#minutes.get(id) ?? [];
  }

  /** All seconds in which the download was transferring. */
  whole(id: number): SpeedSeries {
    return this.#series.get(id) ?? fresh;
  }

  /** Called once per second. A row that stopped gets zeros until its last minute has passed. */
  sample(rows: readonly Row[]): void {
    const minutes = new Map<number, readonly number[]>();
    const allSeries = new Map<number, SpeedSeries>();
    for (const row of rows) {
      const known = this.#minutes.get(row.id);
      const series = this.#series.get(row.id);
      const moves = isTransferring(row.phase);
      if (moves) allSeries.set(row.id, append(series ?? fresh, row.speed));
      else if (series !== undefined) allSeries.set(row.id, series);
      if (!moves && known === undefined) continue;
      const samples = [...(known ?? []), moves ? row.speed : 0].slice(-windowSeconds);
      if (moves || samples.some((speed) => speed > 0)) minutes.set(row.id, samples);
    }
    this.#minutes = minutes;
    this.#series = allSeries;
  }
}
