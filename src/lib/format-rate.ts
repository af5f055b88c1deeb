// Formats a speed as text that parses back to exactly the same speed.
import { parseSize } from "./parse-size.ts";
import { uiLanguage } from "./language.svelte.ts";

const units = [
  ["TB", 1e12],
  ["GB", 1e9],
  ["MB", 1e6],
  ["kB", 1e3],
  ["GiB", 2 ** 30],
  ["MiB", 2 ** 20],
  ["KiB", 2 ** 10],
] as const;

/** The decimal separator of the window's language. */
const pointHere = (): string => Intl.NumberFormat(uiLanguage.current).format(0.5).replace(/\d/g, "");

/** Uses the largest unit that needs at most two decimals; empty for null. `point` is the decimal separator. */
export function formatRate(rate: number | null, point = pointHere()): string {
  if (rate === null) return "";
  for (const [unit, factor] of units) {
    if (rate < factor) continue;
    const text = `${Number((rate / factor).toFixed(2))} ${unit}/s`;
    if (parseSize(text) === rate) return text.replace(".", point);
  }
  return `${rate} B/s`;
}
