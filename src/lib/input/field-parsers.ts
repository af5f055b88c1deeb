// Parsers for the fields of the add dialog: header lines, checksums, dates, proxies. They return null for an empty
// field and undefined for invalid input; the dialog has the error texts.
import type { Algorithm } from "../api.ts";

export type Headers = {
  pairs: [string, string][];
  /** The first line that is not a header. */ invalidLine: string | null;
};

/** Parses `Name: value` lines. */
export function parseHeaders(text: string): Headers {
  const pairs: [string, string][] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const match = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(line.trim());
    if (match === null) return { pairs: [], invalidLine: line.trim() };
    pairs.push([match[1] ?? "", match[2] ?? ""]);
  }
  return { pairs, invalidLine: null };
}

export const formatHeaders = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([name, value]) => `${name}: ${value}`).join("\n");

export type Checksum = { algorithm: Algorithm; digits: string };
const algorithms: Readonly<Record<number, Algorithm>> = {
  32: "md5",
  40: "sha-1",
  64: "sha-256",
  128: "sha-512",
};

/**
 * Accepts `sha-256:HEX` and similar forms, bare HEX (algorithm by its length), a line of `sha256sum`, or BSD's `SHA256
 * (x) = HEX`.
 */
export function parseChecksum(text: string): Checksum | null | undefined {
  if (text.trim() === "") return null;
  const match = /^(?:(md5|sha-?(?:1|256|512))\s*(?:[:=]|\(.*\)\s*=)\s*)?([0-9a-f]+)(?:\s+\*?\S.*)?$/i.exec(
    text.trim(),
  );
  const digits = (match?.[2] ?? "").toLowerCase();
  const algorithm = algorithms[digits.length];
  const said = match?.[1]?.toLowerCase().replace(/^sha-?/, "sha-");
  return algorithm === undefined || (said !== undefined && said !== algorithm)
    ? undefined
    : { algorithm, digits };
}

/** Parses the value of a date field (`2026-11-27T03:00`), also typed with a space; in ms since 1970. */
export function parseDate(text: string): number | null | undefined {
  if (text.trim() === "") return null;
  const match = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?$/.exec(text.trim());
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number);
  const at = new Date(year, month - 1, day, hour, minute);
  // `Date` would turn the 31st of a shorter month into another day.
  const same = at.getMonth() === month - 1 && at.getDate() === day && at.getHours() === hour;
  return same && at.getMinutes() === minute ? at.getTime() : undefined;
}

/** The inverse of `parseDate`, for the field. */
export function formatDate(at: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const then = new Date(at);
  const day = `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())}`;
  return `${day}T${two(then.getHours())}:${two(then.getMinutes())}`;
}

/** Accepts `host:port` or a proxy URL with http, https, socks5 or socks5h. */
export function parseProxy(text: string): string | null | undefined {
  if (text.trim() === "") return null;
  const url = text.includes("://") ? text.trim() : `http://${text.trim()}`;
  if (!/^(https?|socks5h?):\/\/[^/\s]+\/?$/i.test(url) || !URL.canParse(url)) return undefined;
  return new URL(url).hostname === "" ? undefined : url;
}
