// Amounts and names for rows with little room. Pure.
import { bytes } from "./format.ts";
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

/** Of a name that is too long: what may be left out at its end, and the ending that stays. */
export function nameParts(name: string): [head: string, tail: string] {
  const letters = Array.from(name);
  // The extension, with the letters before it: `1911.tiff`, `06z.tar.zst`.
  const extension = /(\.tar)?\.[^.\s]{1,7}$/u.exec(name)?.[0] ?? "";
  const ending = extension === "" ? 6 : Math.min(extension.length + 4, 11);
  if (letters.length <= ending * 2) return [name, ""];
  return [letters.slice(0, -ending).join(""), letters.slice(-ending).join("")];
}
