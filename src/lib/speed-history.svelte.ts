// How fast every download came: the last sixty seconds, one sample a second, and the whole time in at most 240 steps that
// grow wider as it lasts. Kept while the window is open. Knows rows, no channel.
import type { Row } from "./api.ts";
import { moving } from "./rows.ts";

export const span = 60;
export const steps = 240;

/** Means of `every` seconds each, oldest first. */
export type Course = { every: number; means: readonly number[]; sum: number; count: number };

const fresh: Course = { every: 1, means: [], sum: 0, count: 0 };

/** One second more. When the steps are used up, each two become one. */
export function longer(course: Course, speed: number): Course {
  const sum = course.sum + speed;
  const count = course.count + 1;
  if (count < course.every) return { ...course, sum, count };
  const means = [...course.means, sum / count];
  if (means.length < steps) return { ...course, means, sum: 0, count: 0 };
  const halves: number[] = [];
  for (let at = 0; at + 1 < means.length; at += 2) halves.push(((means[at] ?? 0) + (means[at + 1] ?? 0)) / 2);
  return { every: course.every * 2, means: halves, sum: 0, count: 0 };
}

export class Speeds {
  #minutes = $state.raw<ReadonlyMap<number, readonly number[]>>(new Map());
  #courses = $state.raw<ReadonlyMap<number, Course>>(new Map());

  /** Oldest first, at most `span`. */
  of(id: number): readonly number[] {
    return this.#minutes.get(id) ?? [];
  }

  /** All the seconds in which it moved. */
  whole(id: number): Course {
    return this.#courses.get(id) ?? fresh;
  }

  /** Once a second. A row that stopped keeps its last minute and gets zeros until all have left. */
  sample(rows: readonly Row[]): void {
    const minutes = new Map<number, readonly number[]>();
    const courses = new Map<number, Course>();
    for (const row of rows) {
      const known = this.#minutes.get(row.id);
      const course = this.#courses.get(row.id);
      const moves = moving(row.phase);
      if (moves) courses.set(row.id, longer(course ?? fresh, row.speed));
      else if (course !== undefined) courses.set(row.id, course);
      if (!moves && known === undefined) continue;
      const samples = [...(known ?? []), moves ? row.speed : 0].slice(-span);
      if (moves || samples.some((speed) => speed > 0)) minutes.set(row.id, samples);
    }
    this.#minutes = minutes;
    this.#courses = courses;
  }
}
