// Links that stand for many: `[01-50]`, `[a-z]`, `[0-100:10]`. Counts before it expands, so that nobody makes a
// million links by a slip. Knows no server.

/** More at once are refused; the count says so before. */
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
    // The width is kept where it was written: 01 stays two digits wide.
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

/** How many links it stands for; 1 for one without a pattern. May be far more than `mostLinks`. */
export const countLinks = (link: string): number =>
  parts(link)
    .filter(isRange)
    .reduce((product, part) => product * part.count, 1);

/** All links it stands for, the last pattern counting fastest; none when they are more than `mostLinks`. */
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
