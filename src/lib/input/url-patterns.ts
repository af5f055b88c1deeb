// Expands link patterns: `[01-50]`, `[a-z]`, `[0-100:10]`. Counts before it expands, so that a typo does not create a
// million links. Knows no server.

/** More than this are refused; they are counted before they are expanded. */
export const maxLinks = 1000;

const number = /^(\d{1,15})-(\d{1,15})(?::(\d{1,9}))?$/;
const letters = /^(?:([a-z])-([a-z])|([A-Z])-([A-Z]))(?::(\d{1,2}))?$/;
const bracket = /\[([^[\]]*)\]/g;

type Range = { count: number; at: (index: number) => string };
type Part = string | Range;

function range(text: string): Range | null {
  const digits = number.exec(text);
  if (digits !== null) {
    const [, first = "", last = "", step = "1"] = digits;
    // Leading zeros keep their width: 01 stays two digits wide.
    const width = first.length > 1 && first.startsWith("0") ? first.length : 0;
    return steps(Number(first), Number(last), Number(step), (value) => String(value).padStart(width, "0"));
  }
  const signs = letters.exec(text);
  if (signs === null) return null;
  const first = signs[1] ?? signs[3] ?? "";
  const last = signs[2] ?? signs[4] ?? "";
  return steps(first.charCodeAt(0), last.charCodeAt(0), Number(signs[5] ?? "1"), (value) =>
    String.fromCharCode(value),
  );
}

function steps(first: number, last: number, step: number, write: (value: number) => string): Range | null {
  if (step < 1 || last < first) return null;
  return { count: Math.floor((last - first) / step) + 1, at: (index) => write(first + index * step) };
}

function parts(link: string): Part[] {
  const found: Part[] = [];
  let from = 0;
  for (const match of link.matchAll(bracket)) {
    const made = range(match[1] ?? "");
    if (made === null) continue;
    found.push(link.slice(from, match.index), made);
    from = match.index + match[0].length;
  }
  return [...found, link.slice(from)];
}

const isRange = (part: Part): part is Range => typeof part !== "string";

/** Number of links that the pattern expands to; 1 without a pattern. May far exceed `maxLinks`. */
export const countLinks = (link: string): number =>
  parts(link)
    .filter(isRange)
    .reduce((product, part) => product * part.count, 1);

/** All links that the pattern expands to, the last range varying fastest; empty when there are more than `maxLinks`. */
export function expand(link: string): string[] {
  if (countLinks(link) > maxLinks) return [];
  return parts(link).reduce<string[]>(
    (made, part) =>
      typeof part === "string"
        ? made.map((start) => start + part)
        : made.flatMap((start) => Array.from({ length: part.count }, (_, index) => start + part.at(index))),
    [""],
  );
}
