// Parses text pasted into the add dialog: links, patterns, cURL commands, or any text with links in it. Pure; the
// dialog has the error texts.
import { type CurlRequest, parseCurl, type CurlFault } from "./curl.ts";
import { extractLinks } from "./extract-links.ts";
import { expand, countLinks, maxLinks } from "./url-patterns.ts";

/** `with` is the cURL command that the link came from. */
export type ParsedLink = { url: string; with: CurlRequest | null };

export type InputFault =
  | { is: "nothing" }
  | { is: "too-long" }
  | { is: "no-link"; text: string }
  | { is: "no-scheme"; text: string }
  | { is: "scheme"; scheme: string }
  | { is: "no-host"; text: string }
  | { is: "too-many"; count: number }
  | { is: "curl"; fault: CurlFault };

export type ParsedInput = {
  links: ParsedLink[];
  /** Number of links that the patterns expand to, if there are any; also when `literal`. */
  expanded: number | null;
  fault: InputFault | null;
};

/** Maximum length of a text in characters; searching a longer one would block the window. */
export const maxTextLength = 1_000_000;

const refuse = (fault: InputFault, expanded: number | null = null): ParsedInput => ({
  links: [],
  expanded,
  fault,
});

const nothing: ReadonlyMap<string, CurlRequest> = new Map();

/** `literal`: brackets are part of the link. `brought`: names and headers of links that another app opened. */
export function parseInput(text: string, literal = false, brought = nothing): ParsedInput {
  const trimmed = text.trim();
  if (trimmed === "") return refuse({ is: "nothing" });
  if (trimmed.length > maxTextLength) return refuse({ is: "too-long" });
  const commands = parseCurl(trimmed);
  if (commands.length > 0) return fromCurl(commands, literal);
  const words = trimmed.split(/\s+/);
  const wanted = (url: string): ParsedLink => ({ url, with: brought.get(url) ?? null });
  const faults = words.map(faultOf);
  const first = faults.find((fault) => fault !== null) ?? null;
  if (first === null) return fromLinks(words.map(wanted), literal);
  // Not just links: a text that contains links, or nothing usable.
  const links = extractLinks(trimmed);
  return links.length === 0 ? refuse(first) : fromLinks(links.map(wanted), true);
}

/**
 * The text with `https://` in front of each word that lacks a scheme, if all of its words are links then; else the text
 * as it is.
 */
export function completeSchemes(text: string): string {
  if (text.length > maxTextLength) return text;
  const words = text.trim().split(/\s+/);
  if (words.every((word) => word.includes("://")) || parseCurl(text.trim()).length > 0) return text;
  const complete = (word: string): string => (faultOf(word)?.is === "no-scheme" ? `https://${word}` : word);
  return words.every((word) => faultOf(complete(word)) === null) ? text.replace(/\S+/g, complete) : text;
}

/** Whether the text consists only of links or commands, so that the user most likely copied it to download it. */
export function looksLikeLink(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed.length > 20_000 || parseInput(trimmed, true).fault !== null) return false;
  return parseCurl(trimmed).length > 0 || trimmed.split(/\s+/).every((word) => faultOf(word) === null);
}

/** Initial text of the add dialog when this was pasted into or dropped on the window; empty without a link. */
export function prefillText(text: string): string {
  if (looksLikeLink(text)) return text.trim();
  return parseInput(text, true)
    .links.map(({ url }) => url)
    .join("\n");
}

function fromCurl(commands: readonly CurlRequest[], literal: boolean): ParsedInput {
  const usable = commands.filter((curl) => curl.fault === null);
  const [refused] = commands;
  if (usable.length === 0 && refused?.fault) return refuse({ is: "curl", fault: refused.fault });
  return fromLinks(
    usable.flatMap((curl) => curl.links.map((url) => ({ url, with: curl }))),
    literal,
  );
}

function fromLinks(all: readonly ParsedLink[], literal: boolean): ParsedInput {
  const counts = all.map(({ url }) => countLinks(url));
  const count = counts.reduce((sum, one) => sum + one, 0);
  const expanded = counts.some((one) => one > 1) ? count : null;
  const total = literal ? all.length : count;
  if (total > maxLinks) return refuse({ is: "too-many", count: total }, expanded);
  const wanted = new Map<string, ParsedLink>();
  for (const one of all) {
    for (const url of literal ? [one.url] : expand(one.url))
      if (!wanted.has(url)) wanted.set(url, { ...one, url });
  }
  return { links: [...wanted.values()], expanded, fault: null };
}

/** Why a word is not a link; null when it is one. */
function faultOf(word: string): InputFault | null {
  // A pattern in the host or port: checks one expansion of it.
  const filled = countLinks(word) > 1 ? (expand(word)[0] ?? word.replace(/\[[^\]]*\]/g, "1")) : word;
  if (!URL.canParse(filled)) {
    const bare = /^[\w-]+(\.[\w-]+)+(:\d+)?([/?#]|$)/.test(word);
    return bare ? { is: "no-scheme", text: word } : { is: "no-link", text: word };
  }
  const url = new URL(filled);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    // `example.org:8080/x` parses as a link with the scheme `example.org`.
    return /^[\w-]+(\.[\w-]+)+:\d/.test(word)
      ? { is: "no-scheme", text: word }
      : { is: "scheme", scheme: url.protocol };
  }
  return url.hostname === "" ? { is: "no-host", text: word } : null;
}
