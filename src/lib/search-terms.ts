// What the words of a search mean. All of them have to fit: plain words are looked for in name and link; `host:`, `ext:`,
// `type:`, `tag:` and `is:` in one fact; `>1gb` and `<500mb` compare the size, `<7d` and `>4w` the time since the download
// was added. An unknown word before a colon is plain text, as in a link.
import type { Category, PhaseGroup, Row } from "./api.ts";
import { categories, filters } from "./filters.ts";
import type { RowTest } from "./incremental-filter.ts";
import { parseSize } from "./parse-size.ts";
import { proofOf } from "./proof.ts";

/** Names of statuses and types in the language of the window; the English ones are always understood. */
export type SearchNames = {
  status: (group: PhaseGroup) => string;
  type: (category: Category) => string;
};

/** In ms. */
const spans: Readonly<Record<string, number>> = {
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** Cache: lower-cased once per row, not once per frame. */
const texts = new WeakMap<Row, string>();
function textOf(row: Row): string {
  let text = texts.get(row);
  if (text === undefined) {
    text = `${row.name} ${row.url}`.toLowerCase();
    texts.set(row, text);
  }
  return text;
}

const words = (text: string): string[] =>
  [...text.toLowerCase().matchAll(/(?:[^\s"]|"[^"]*"?)+/g)].map(([word]) => word.replaceAll('"', ""));

const groups = filters.filter((filter) => filter !== "all");

/** Of these, the ones that begin with the value, by their id or their name. */
function beginning<T extends string>(all: readonly T[], value: string, name: (one: T) => string): Set<T> {
  return new Set(all.filter((one) => one.startsWith(value) || name(one).toLowerCase().startsWith(value)));
}

const verified = (row: Row): boolean => proofOf(row)?.matches === true;

/** Tests by the word before the colon; with what stands after it, never empty. */
const facts: Record<string, (value: string, names: SearchNames) => RowTest> = {
  host: (value) => (row) => row.host.toLowerCase().includes(value),
  ext: (value) => {
    const endings = value.split(",").filter(Boolean).map((one) => `.${one.replace(/^\./, "")}`); // prettier-ignore
    return (row) => endings.some((ending) => row.name.toLowerCase().endsWith(ending));
  },
  type: (value, names) => {
    const types = beginning(categories, value, names.type);
    return (row) => types.has(row.category);
  },
  tag: (value) => (row) => row.tags.some((tag) => tag.toLowerCase().startsWith(value)),
  is: (value, names) => {
    if (value === "verified") return verified;
    const statuses = beginning(groups, value, names.status);
    return (row) => statuses.has(row.group);
  },
};

function comparison(word: string, now: number): RowTest | undefined {
  const match = /^([<>])=?(.+)$/.exec(word);
  if (match === null) return undefined;
  const [, sign = "", amount = ""] = match;
  const more = sign === ">";
  const [, count, unit = ""] = /^(\d+)([hdwy])$/.exec(amount) ?? [];
  const span = spans[unit];
  if (count !== undefined && span !== undefined) {
    const since = now - Number(count) * span;
    return (row) => (more ? row.addedAt < since : row.addedAt >= since);
  }
  const bytes = parseSize(amount);
  if (bytes === null || bytes === undefined) return undefined;
  return (row) => row.total !== null && (more ? row.total > bytes : row.total < bytes);
}

function wordTest(word: string, now: number, names: SearchNames): RowTest {
  const colon = word.indexOf(":");
  const fact = colon < 0 ? undefined : facts[word.slice(0, colon)];
  if (fact !== undefined && Object.hasOwn(facts, word.slice(0, colon))) {
    const value = word.slice(colon + 1);
    // The value is still to be typed.
    return value === "" ? () => true : fact(value, names);
  }
  const compared = comparison(word, now);
  if (compared !== undefined) return compared;
  const status = groups.find((group) => group === word || names.status(group).toLowerCase() === word);
  return (row) => row.group === status || textOf(row).includes(word);
}

/** The test for a search; undefined when it says nothing. `now` in ms since 1970. */
export function searchTest(text: string, now: number, names: SearchNames): RowTest | undefined {
  const tests = words(text).map((word) => wordTest(word, now, names));
  return tests.length === 0 ? undefined : (row) => tests.every((test) => test(row));
}
