// Formats numbers in the window's language: sizes, speeds, fractions, durations, times. Decimal units throughout (1 MB
// = 1,000,000 bytes), as file managers and providers count. Knows no download.
import { uiLanguage } from "./language.svelte.ts";

const units = ["B", "kB", "MB", "GB", "TB", "PB"] as const;
type Unit = "second" | "minute" | "hour" | "day";

/** Creating a formatter costs a hundred times as much as using one. */
function kept<T>(make: (locale: string, name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const key = `${uiLanguage.locale} ${name}`;
    let one = made.get(key);
    if (one === undefined) {
      one = make(uiLanguage.locale, name);
      made.set(key, one);
    }
    return one;
  };
}

const fixed = kept((locale, digits) => {
  const count = Number(digits);
  return new Intl.NumberFormat(locale, { minimumFractionDigits: count, maximumFractionDigits: count });
});
/**
 * A whole number with digit grouping. One below a thousand is its digits in each of our languages: the first screen needs
 * no formatter, which takes milliseconds to make.
 */
export const exact = (count: number): string =>
  count >= 0 && count < 999.5 ? String(Math.round(count)) : fixed("0").format(count);
const shares = kept((locale) => new Intl.NumberFormat(locale, { style: "percent" }));
const spans = kept((locale, name) => {
  const [unitDisplay, unit] = name.split(" ") as ["short" | "narrow", Unit];
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay });
});
const dates: Record<string, Intl.DateTimeFormatOptions> = {
  clock: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  date: { day: "numeric", month: "short" },
  time: { timeStyle: "short" },
  day: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
  year: { day: "numeric", month: "short", year: "numeric" },
};
const times = kept((locale, name) => {
  const made = new Intl.DateTimeFormat(locale, dates[name]);
  // A clock of twelve hours has no leading zero.
  return name === "day" && made.resolvedOptions().hour12 === true
    ? new Intl.DateTimeFormat(locale, { ...dates[name], hour: "numeric" })
    : made;
});

/** Three significant digits: `0 B`, `512 B`, `1.24 GB`, `62.1 MB`. The units are the same in every language. */
export function bytes(count: number): string {
  let value = Math.max(0, count);
  let unit = 0;
  // 999.5 would be rounded to 1000, so it belongs to the next unit.
  while (unit < units.length - 1 && value >= (unit === 0 ? 1000 : 999.5)) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  const number = digits === 0 ? exact(value) : fixed(String(digits)).format(value);
  return `${number}\u00a0${units[unit] ?? "B"}`;
}

/** Bytes per second. */
export const speed = (rate: number): string => `${bytes(rate)}/s`;

/** Received fraction of the file, 0 to 1; null when the length is unknown. */
export function share(received: number, total: number | null): number | null {
  if (total === null) return null;
  return total === 0 ? 1 : Math.min(1, received / total);
}

/** Whole percent, rounded down: 100 % only for a complete file. */
export function percent(received: number, total: number | null): string {
  const part = share(received, total);
  return part === null ? "–" : shares("").format(Math.floor(part * 100) / 100);
}

const maxSpanSeconds = 99 * 86_400;

function parts(seconds: number): [number, Unit][] {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return [[s, "second"]];
  const minutes = Math.round(s / 60);
  if (minutes < 60) {
    return s < 600 ? [[Math.floor(s / 60), "minute"], [s % 60, "second"]] : [[minutes, "minute"]]; // prettier-ignore
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return [[hours, "hour"], [minutes % 60, "minute"]]; // prettier-ignore
  return [[Math.floor(hours / 24), "day"], [hours % 24, "hour"]]; // prettier-ignore
}

const symbols: Record<Unit, string> = { second: "s", minute: "min", hour: "h", day: "d" };

/** German has no narrow names of units (`2 Min. 32 Sek.`), so columns show `2:32 min`, `1:05 h` and `2 d 3 h`. */
function germanColumn([first, second]: readonly [number, Unit][]): string {
  if (first === undefined) return "";
  const [count, unit] = first;
  if (second === undefined) return `${count} ${symbols[unit]}`;
  if (unit === "day") return `${count} d${second[0] > 0 ? ` ${second[0]} h` : ""}`;
  return `${count}:${String(second[0]).padStart(2, "0")} ${symbols[unit]}`;
}

/**
 * A duration in its two largest units: `8 sec`, `3 min`, `1 hr 20 min`; narrow, for columns: `1h 20m`, in German `1:20
 * h`. Over 99 days: `> 99 days`.
 */
export function span(seconds: number, width: "short" | "narrow" = "short"): string {
  const more = seconds > maxSpanSeconds;
  const units = parts(Math.min(seconds, maxSpanSeconds));
  if (width === "narrow" && uiLanguage.current === "de") return `${more ? "> " : ""}${germanColumn(units)}`;
  const said = units
    .filter(([count], at) => at === 0 || count > 0)
    .map(([count, unit]) => spans(`${width} ${unit}`).format(count))
    .join(" ");
  return more ? `> ${said}` : said;
}

/** Time of day with seconds, for log lines: of equal width in every language. */
export const timeOfDay = (at: number): string => times("clock").format(at);

/** Time only for today, date and time for this year, date only before that. */
export function when(at: number, now: number): string {
  const then = new Date(at);
  const today = new Date(now);
  if (then.toDateString() === today.toDateString()) return times("time").format(at);
  return times(then.getFullYear() === today.getFullYear() ? "day" : "year").format(at);
}

/** Day and month. */
export const day = (at: number): string => times("date").format(at);

/** A name of at most `most` characters: its middle is left out, so that its ending stays. */
export function shortName(name: string, most = 20): string {
  const letters = Array.from(name);
  if (letters.length <= most) return name;
  const end = Math.floor(most * 0.6);
  return `${letters.slice(0, most - 1 - end).join("")}…${letters.slice(-end).join("")}`;
}
