// The links in a piece of text of any kind: prose, a page's source, a list, a mail. Knows how links end among
// other signs; knows nothing of what is done with them.

/** Up to what cannot stand in a link unescaped. */
const link = /\bhttps?:\/\/[^\s<>"'`{}|\\^“”„«»\p{Cc}]+/giu;
/** Signs that end a sentence, not a link. */
const trailing = /[.,;:!?…*_~。，；：！？、）》」』]+$/u;

/** Cuts a closing bracket that was not opened inside the link, and what ends the sentence around it. */
function trimmed(raw: string): string {
  let text = raw;
  for (;;) {
    const before = text;
    text = text.replace(trailing, "");
    for (const [open, close] of [
      ["(", ")"],
      ["[", "]"],
    ] as const) {
      if (text.endsWith(close) && count(text, close) > count(text, open)) text = text.slice(0, -1);
    }
    if (text === before) return text;
  }
}

const count = (text: string, sign: string): number => text.split(sign).length - 1;

/** Markdown's `[words](link)` ends where its bracket closes, whatever follows at once. */
function upToItsBracket(raw: string, before: string): string {
  if (before !== "(") return raw;
  let depth = 0;
  for (let at = 0; at < raw.length; at += 1) {
    if (raw[at] === "(") depth += 1;
    if (raw[at] === ")") depth -= 1;
    if (depth < 0) return raw.slice(0, at);
  }
  return raw;
}

/** Each link once, in the order of the text; only http and https. */
export function found(text: string): string[] {
  const links = new Set<string>();
  const sought = new RegExp(link);
  for (let match = sought.exec(text); match !== null; match = sought.exec(text)) {
    const raw = upToItsBracket(match[0], text[match.index - 1] ?? "");
    // Behind the bracket another link may begin at once.
    sought.lastIndex = match.index + raw.length;
    // Page sources write `&` as `&amp;`.
    const url = trimmed(raw.replaceAll("&amp;", "&"));
    if (URL.canParse(url)) links.add(url);
  }
  return [...links];
}
