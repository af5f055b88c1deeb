// Links in files that are dropped or opened: lists, web pages, and Metalinks (RFC 5854, and the third version before it).
// Asks no server.
import { extractLinks } from "./extract-links.ts";
import { parseChecksum } from "./field-parsers.ts";
import type { OfferedLink } from "./offered-links.ts";
import { maxTextLength } from "./parse-input.ts";

/** Endings of files that are looked into. */
export const linkFileTypes = ".txt,.html,.htm,.md,.csv,.list,.urls,.metalink,.meta4";

const isMetalink = (name: string): boolean => /\.(metalink|meta4)$/i.test(name);
/** Of hashes in a Metalink, the strongest first. */
const algorithms = ["sha-512", "sha-256", "sha-1", "md5"];

/** The file that this text is, if it is that of a Metalink. */
export const asMetalinkFile = (text: string): File | undefined =>
  /^\s*<(\?xml|!--|metalink)/i.test(text) && /<metalink[\s>]/i.test(text)
    ? new File([text], "text.metalink")
    : undefined;

/** Links in the files, each once, in their order; at most the first megabyte of each file is read. */
export async function readLinkFiles(files: readonly File[]): Promise<OfferedLink[]> {
  const found = new Map<string, OfferedLink>();
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

const plain = (url: string): OfferedLink => ({ url, name: null, headers: [] });

/** For each file its first link, its name and its strongest checksum. */
export function parseMetalink(text: string): OfferedLink[] {
  const xml = new DOMParser().parseFromString(text.trim(), "text/xml");
  return [...xml.getElementsByTagName("file")].flatMap((file) => {
    const links = [...file.getElementsByTagName("url")].map((url, at) => ({
      url: url.textContent.trim(),
      rank: rankOf(url, at),
    }));
    const [first] = links.filter(({ url }) => isWebLink(url)).sort((a, b) => a.rank - b.rank);
    // Only its last part: folders in it are not followed.
    const name = file.getAttribute("name")?.split(/[/\\]/).at(-1)?.trim() ?? "";
    if (first === undefined) return [];
    return [{ ...plain(first.url), name: name === "" ? null : name, checksum: checksumOf(file) }];
  });
}

/** As `sha-256:HEX`. Those of pieces of the file, and of algorithms that are not known, are left out. */
function checksumOf(file: Element): string | null {
  const found = [...file.getElementsByTagName("hash")].flatMap((hash) => {
    const whole = hash.parentElement === file || hash.parentElement?.localName === "verification";
    const type = (hash.getAttribute("type") ?? "").toLowerCase().replace(/^sha-?/, "sha-");
    const rank = algorithms.indexOf(type);
    const text = `${type}:${hash.textContent.trim()}`;
    return whole && rank >= 0 && parseChecksum(text) ? [{ rank, text: text.toLowerCase() }] : [];
  });
  return found.sort((a, b) => a.rank - b.rank)[0]?.text ?? null;
}

/** The lowest `priority` comes first (version 4), the highest `preference` (version 3). */
function rankOf(url: Element, at: number): number {
  const priority = Number(url.getAttribute("priority") ?? NaN);
  if (Number.isFinite(priority)) return priority;
  const preference = Number(url.getAttribute("preference") ?? NaN);
  return Number.isFinite(preference) ? -preference : 1_000_000 + at;
}

const isWebLink = (url: string): boolean => /^https?:\/\//i.test(url) && URL.canParse(url);
