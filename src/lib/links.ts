// What people paste: one link, or one per line. Says whether each can be asked for, before the core does.

export type Checked = { links: string[]; error: string | null };

function fault(text: string): string | null {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return /^[\w-]+(\.[\w-]+)+(\/|$)/.test(text)
      ? `“${short(text)}” lacks http:// or https:// at its beginning.`
      : `“${short(text)}” is not a link.`;
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return `Only http and https links can be downloaded, not ${url.protocol}`;
  }
  return url.hostname === "" ? `“${short(text)}” names no server.` : null;
}

const short = (text: string): string => (text.length > 48 ? `${text.slice(0, 45)}…` : text);

/** All links of `text`, each once; `error` is the first fault in words. */
export function check(text: string): Checked {
  const lines = text.split(/\s+/).filter(Boolean);
  if (lines.length === 0) return { links: [], error: "Paste a link, or several, one per line." };
  for (const line of lines) {
    const error = fault(line);
    if (error !== null) return { links: [], error };
  }
  return { links: [...new Set(lines)], error: null };
}

/** The links in a piece of text that somebody pasted or dropped on the window; none if it is anything else. */
export function linksIn(text: string): string[] {
  const { links, error } = check(text);
  return error === null ? links : [];
}

const factors: Readonly<Record<string, number>> = { "": 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };
const binary: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/**
 * A size or a speed such as `500 kB`, `2.5MB/s`, `1 MiB`, `16 Mbit/s` or `1000000`, in bytes; null for nothing,
 * undefined for nonsense, which `1,000 kB` is too: it means two things in two countries.
 */
export function size(text: string): number | null | undefined {
  if (text.trim() === "") return null;
  const match = /^(\d+)(?:[.,](\d+))?\s*([kmgt]?)(i?)(b|bytes?|bits?)?\s*(?:\/\s*s|ps)?$/i.exec(text.trim());
  if (match === null) return undefined;
  const [, whole = "", part = "", letter = "", i = "", unit = ""] = match;
  if (part.length === 3 && text.includes(",")) return undefined;
  const factor = (i === "" ? factors : binary)[letter.toLowerCase()];
  if (factor === undefined) return undefined;
  const bits = unit.toLowerCase().startsWith("bit") ? 8 : 1;
  const count = Math.round((Number(`${whole}.${part === "" ? "0" : part}`) * factor) / bits);
  return count > 0 && count <= Number.MAX_SAFE_INTEGER ? count : undefined;
}
