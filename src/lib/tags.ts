// Tags of downloads: reading what the user types, and what changes for several downloads at once. Pure; the core has the
// last word on what a tag may be.
import { m } from "../paraglide/messages.js";
import type { Row } from "./api.ts";

/** Limits of the core, so that nothing is dropped without a word. */
const maxTags = 6;
const maxTagLength = 24;

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const has = (tags: readonly string[], tag: string): boolean => tags.some((one) => same(one, tag));

/** The tags in a text, separated by commas of either kind; each once. */
export function parseTags(text: string): string[] {
  const tags: string[] = [];
  for (const part of text.split(/[,，、;\n]/)) {
    const tag = part.trim();
    if (tag !== "" && !has(tags, tag)) tags.push(tag);
  }
  return tags;
}

/** Whether the core keeps them all as they are. */
const fit = (tags: readonly string[]): boolean =>
  tags.length <= maxTags && tags.every((tag) => Array.from(tag).length <= maxTagLength);

/** Why the core would not keep them all as they are; null when it does. */
export const tagsError = (tags: readonly string[]): string | null =>
  fit(tags) ? null : m.table_tags_bound({ tags: String(maxTags), chars: String(maxTagLength) });

/** Tags that all of these rows have. */
export function commonTags(rows: readonly Row[]): string[] {
  const [first, ...others] = rows;
  return (first?.tags ?? []).filter((tag) => others.every((row) => has(row.tags, tag)));
}

/** All tags of these rows, in alphabetical order. */
export function tagsInUse(rows: readonly Row[]): string[] {
  const tags = new Map<string, string>();
  for (const row of rows) for (const tag of row.tags) tags.set(tag.toLowerCase(), tag);
  return [...tags.values()].sort((a, b) => a.localeCompare(b));
}

/** Downloads that get the same tags. */
export type TagChange = { ids: readonly number[]; tags: readonly string[] };

/**
 * What has to change so that the common tags of these rows become `wanted`: a tag that only some of them have stays where
 * it is.
 */
export function tagChanges(rows: readonly Row[], wanted: readonly string[]): TagChange[] {
  const common = commonTags(rows);
  const changes = new Map<string, { ids: number[]; tags: string[] }>();
  for (const row of rows) {
    const own = row.tags.filter((tag) => !has(common, tag) && !has(wanted, tag));
    const tags = [...own, ...wanted];
    const key = JSON.stringify(tags);
    if (key === JSON.stringify(row.tags)) continue;
    const change = changes.get(key) ?? { ids: [], tags };
    change.ids.push(row.id);
    changes.set(key, change);
  }
  return [...changes.values()];
}
