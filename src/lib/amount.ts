// Amounts and durations for rows with little room. Pure.
import { bytes, span } from "./format.ts";
import { uiLanguage } from "./language.svelte.ts";

const units = ["B", "kB", "MB", "GB", "TB", "PB"];
const made = new Map<string, Intl.NumberFormat>();

/** Creating a formatter costs a hundred times as much as using one. */
function number(value: number, digits: number): string {
  const key = `${uiLanguage.locale} ${digits}`;
  let format = made.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(uiLanguage.locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    made.set(key, format);
  }
  return format.format(value);
}

/** What was received of a file, the unit named once: `18.9 / 320 MB`; without a known length `18.9 MB`. */
export function amount(received: number, total: number | null): string {
  if (total === null) return bytes(received);
  const whole = bytes(total);
  const at = Math.max(0, units.indexOf(whole.split("\u00a0").at(-1) ?? "B"));
  const value = received / 1000 ** at;
  const digits = at === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  // Rounded down: all of it only for a complete file.
  const shown = received < total ? Math.floor(value * 10 ** digits) / 10 ** digits : value;
  return `${number(shown, shown === 0 ? 0 : digits)}\u00a0/\u00a0${whole}`;
}

/** A duration in its two largest units, as short as the language writes it: `2m 34s`, `2:34 min`, `2分34秒`. */
export function shortSpan(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  const two = (count: number): string => String(count).padStart(2, "0");
  const minutes = Math.round(s / 60);
  if (s >= 86_400) return span(s, "narrow");
  switch (uiLanguage.current) {
    case "de":
      if (s < 60) return `${s}\u00a0s`;
      if (s < 600) return `${Math.floor(s / 60)}:${two(s % 60)}\u00a0min`;
      if (minutes < 60) return `${minutes}\u00a0min`;
      return `${Math.floor(minutes / 60)}:${two(minutes % 60)}\u00a0h`;
    case "zh":
      if (s < 60) return `${s}秒`;
      if (s < 600) return `${Math.floor(s / 60)}分${s % 60}秒`;
      if (minutes < 60) return `${minutes}分钟`;
      return `${Math.floor(minutes / 60)}小时${minutes % 60}分`;
    default:
      return span(s, "narrow");
  }
}

/** Of a name that is too long: what may be left out at its end, and the ending that stays. */
export function nameParts(name: string): [head: string, tail: string] {
  const letters = Array.from(name);
  // The extension, with the letters before it: `1911.tiff`, `06z.tar.zst`.
  const extension = /(\.tar)?\.[^.\s]{1,7}$/u.exec(name)?.[0] ?? "";
  const ending = extension === "" ? 6 : Math.min(extension.length + 4, 11);
  if (letters.length <= ending * 2) return [name, ""];
  return [letters.slice(0, -ending).join(""), letters.slice(-ending).join("")];
}
