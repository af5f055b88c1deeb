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

/** `Name: value` lines to pairs. */
export function headers(text: string): { pairs: [string, string][]; error: string | null } {
  const pairs: [string, string][] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const match = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(line.trim());
    if (match === null)
      return { pairs: [], error: `“${short(line.trim())}” is not of the form Name: value.` };
    pairs.push([match[1] ?? "", match[2] ?? ""]);
  }
  return { pairs, error: null };
}

/** `sha-256:HEX` and its like, HEX alone of a digest's length, or nothing. Whether the two fit, the core says. */
export const checksumFault = (text: string): string | null =>
  /^((md5|sha-?(1|256|512))\s*[:=]\s*)?([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$|^$/i.test(
    text.trim(),
  )
    ? null
    : "Write sha-256:… or the digits of an MD5, SHA-1, SHA-256 or SHA-512.";

/** A size such as `500 kB`, `2.5MB` or `1000000`, in bytes; null for nothing, undefined for nonsense. */
export function size(text: string): number | null | undefined {
  if (text.trim() === "") return null;
  const match = /^(\d+(?:[.,]\d+)?)\s*([kmg]?)b?(?:\/s)?$/i.exec(text.trim());
  if (match === null) return undefined;
  const factor = { "": 1, k: 1e3, m: 1e6, g: 1e9 }[(match[2] ?? "").toLowerCase()] ?? 1;
  const count = Math.round(Number((match[1] ?? "").replace(",", ".")) * factor);
  return count > 0 ? count : undefined;
}
