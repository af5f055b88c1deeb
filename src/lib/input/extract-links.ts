// Extracts links from any text: prose, page sources, lists, mails. Knows how links end within surrounding text; does
// not depend on how they are used.

/** Start of a link. */
const scheme = /\bhttps?:\/\//giu;
/** Characters that cannot occur unescaped in a link. */
const outside = /[\s<>"'`{}|\\^“”„«»\p{Cc}]/u;
/** Characters that end a sentence, not a link. */
const trailing = new Set(".,;:!?…*_~。，；：！？、）》」』");
const brackets = [
  ["(", ")"],
  ["[", "]"],
] as const;

/** Removes a closing bracket that was not opened inside the link, and trailing punctuation. */
function trimmed(text: string): string {
  const surplus = new Map(brackets.map(([open, close]) => [close, count(text, close) - count(text, open)]));
  let end = text.length;
  while (end > 0) {
    const sign = text[end - 1] ?? "";
    const unopened = surplus.get(sign as ")" | "]") ?? 0;
    if (unopened > 0) surplus.set(sign as ")" | "]", unopened - 1);
    else if (!trailing.has(sign)) break;
    end -= 1;
  }
  return text.slice(0, end);
}

const count = (text: string, sign: string): number => {
  let found = 0;
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) found += 1;
  return found;
};

/**
 * End of the link that starts at `from`: before the first character that cannot occur in one; after `(`, where that
 * bracket closes: Markdown's `[words](link)`, whatever follows it.
 */
function endOf(text: string, from: number): number {
  const bracketed = text[from - 1] === "(";
  let depth = 0;
  let at = from;
  for (; at < text.length; at += 1) {
    const sign = text[at] ?? "";
    if (outside.test(sign)) break;
    if (sign === "(") depth += 1;
    if (sign === ")") depth -= 1;
    if (bracketed && depth < 0) break;
  }
  return at;
}

/** Distinct links in the order of the text; only http and https. Runs in linear time. */
export function extractLinks(text: string): string[] {
  const links = new Set<string>();
  const sought = new RegExp(scheme);
  for (let match = sought.exec(text); match !== null; match = sought.exec(text)) {
    const end = endOf(text, match.index);
    // Another link may follow directly after the bracket.
    sought.lastIndex = Math.max(end, match.index + 1);
    // Page sources write `&` as `&amp;`.
    const url = trimmed(text.slice(match.index, end).replaceAll("&amp;", "&"));
    if (URL.canParse(url)) links.add(url);
  }
  return [...links];
}
