// Parses sizes and speeds as users type them. The inverse is in format.ts.

const factors: Readonly<Record<string, number>> = { "": 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };
const binary: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/**
 * A size or a speed such as `500 kB`, `2.5MB/s`, `1 MiB`, `16 Mbit/s` or `1000000`, in bytes; null for an empty text,
 * undefined for invalid input. `1,000 kB` is invalid too: its meaning depends on the country.
 */
export function parseSize(text: string): number | null | undefined {
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
