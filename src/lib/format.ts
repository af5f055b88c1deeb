// Numbers as people read them: sizes, speeds, times. Decimal units throughout (1 MB = 1,000,000 bytes),
// as file managers and providers count. Knows no download.

const units = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Three significant digits: `0 B`, `512 B`, `1.24 GB`, `62.1 MB`. */
export function bytes(count: number): string {
  let value = Math.max(0, count);
  let unit = 0;
  // 999.5 would be shown as 1000: it belongs to the next unit already.
  while (unit < units.length - 1 && value >= (unit === 0 ? 1000 : 999.5)) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[unit] ?? "B"}`;
}

/** Bytes per second. */
export const speed = (rate: number): string => `${bytes(rate)}/s`;

/** `1.2 GB of 2 GB`, or only what is here when nobody knows the length. */
export function progress(received: number, total: number | null): string {
  if (total === null) return bytes(received);
  return received >= total ? bytes(total) : `${bytes(received)} of ${bytes(total)}`;
}

/** Share of the file that is here, 0 to 1; null when nobody knows the length. */
export function share(received: number, total: number | null): number | null {
  if (total === null) return null;
  return total === 0 ? 1 : Math.min(1, received / total);
}

/** Whole percents, rounded down: 100 % is said of a whole file only. */
export function percent(received: number, total: number | null): string {
  const part = share(received, total);
  return part === null ? "–" : `${Math.floor(part * 100)} %`;
}

/** A span in its two largest units: `8 s`, `3 min`, `1 h 20 min`, `2 d 4 h`. */
export function span(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  const minutes = Math.round(s / 60);
  if (minutes < 60)
    return s < 600 && s % 60 !== 0 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  if (days > 99) return "over 99 d";
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const shortTime = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const shortDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const longDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });

/** Time of day with seconds, for log lines. */
export const timeOfDay = (at: number): string => clock.format(at);

/** `14:03` today, `12 Mar, 14:03` this year, `12 Mar 2024` before. */
export function when(at: number, now: number): string {
  const then = new Date(at);
  const today = new Date(now);
  if (then.toDateString() === today.toDateString()) return shortTime.format(at);
  if (then.getFullYear() === today.getFullYear()) return `${shortDay.format(at)}, ${shortTime.format(at)}`;
  return longDay.format(at);
}

/** A number with thin groups, for exact counts of bytes. */
export const exact = (count: number): string => count.toString().replace(/\B(?=(\d{3})+$)/g, "\u202f");
