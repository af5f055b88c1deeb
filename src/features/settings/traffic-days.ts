// Sums the bytes of hours to days of this time zone. Pure.

export type Day = { at: number; bytes: number };

const hourMs = 3_600_000;

/** The last `count` days up to that of `now`, oldest first; a day without bytes is 0. `hours`: pairs of hour and bytes. */
export function lastDays(hours: readonly (readonly [number, number])[], count: number, now: number): Day[] {
  const sums = new Map<string, number>();
  for (const [hour, bytes] of hours) {
    const day = new Date(hour * hourMs).toDateString();
    sums.set(day, (sums.get(day) ?? 0) + bytes);
  }
  return Array.from({ length: count }, (_, at) => {
    const day = new Date(now);
    // Noon exists on every day, whatever daylight saving time does.
    day.setHours(12, 0, 0, 0);
    day.setDate(day.getDate() - (count - 1 - at));
    return { at: day.getTime(), bytes: sums.get(day.toDateString()) ?? 0 };
  });
}
