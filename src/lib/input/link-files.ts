// Links in files that are dropped or opened: lists, web pages, and Metalinks (RFC 5854, and the third version before it).
// Asks no server.
import type { Offered } from "../api.ts";
import { extractLinks } from "./extract-links.ts";
import { maxTextLength } from "./parse-input.ts";

/** Endings of files that are looked into. */
export const linkFileTypes = ".txt,.html,.htm,.md,.csv,.list,.urls,.metalink,.meta4";

const isMetalink = (name: string): boolean => /\.(metalink|meta4)$/i.test(name);

/** Links in the files, each once, in their order; at most the first megabyte of each file is read. */
export async function readLinkFiles(files: readonly File[]): Promise<Offered[]> {
  const found = new Map<string, Offered>();
  for (const file of files) {
    const text = await textOf(file.slice(0, maxTextLength));
    const links = isMetalink(file.name) ? parseMetalink(text) : extractLinks(text).map(plain);
    for (const link of links) if (!found.has(link.url)) found.set(link.url, link);
  }
  return [...found.values()];
}

/** By a reader: older webviews have no `Blob.text`. */
const textOf = (part: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === "string" ? reader.result : "");
    reader.onerror = () => reject(reader.error ?? new Error(part.type));
    reader.readAsText(part);
  });

const plain = (url: string): Offered => ({ url, name: null, headers: [] });

/** For each file its first link and its name. */
export function parseMetalink(text: string): Offered[] {
  const xml = new DOMParser().parseFromString(text, "text/xml");
  return [...xml.getElementsByTagName("file")].flatMap((file) => {
    const links = [...file.getElementsByTagName("url")].map((url, at) => ({
      url: url.textContent.trim(),
      rank: rankOf(url, at),
    }));
    const [first] = links.filter(({ url }) => isWebLink(url)).sort((a, b) => a.rank - b.rank);
    // Only its last part: folders in it are not followed.
    const name = file.getAttribute("name")?.split(/[/\\]/).at(-1)?.trim() ?? "";
    return first === undefined ? [] : [{ ...plain(first.url), name: name === "" ? null : name }];
  });
}

/** The lowest `priority` comes first (version 4), the highest `preference` (version 3). */
function rankOf(url: Element, at: number): number {
  const priority = Number(url.getAttribute("priority") ?? NaN);
  if (Number.isFinite(priority)) return priority;
  const preference = Number(url.getAttribute("preference") ?? NaN);
  return Number.isFinite(preference) ? -preference : 1_000_000 + at;
}

const isWebLink = (url: string): boolean => /^https?:\/\//i.test(url) && URL.canParse(url);
