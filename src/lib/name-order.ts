// The order of names: as the collator of the system's language has it, numbers by their value, case and accents ignored.
// Names in ASCII, as most are, are compared here: of a hundred thousand names a collator takes seconds. Pure.

/** ASCII from the first to the last, as every collator orders it; letters follow, of either case. */
const signs = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
const digit = signs.length + 1;
/** By code: the place of a character in that order; 0 for what is not in it, all digits have the same. */
const weights = new Uint8Array(128);
for (let at = 0; at < signs.length; at += 1) weights[signs.charCodeAt(at)] = at + 1;
for (let code = 48; code < 58; code += 1) weights[code] = digit;
for (let letter = 0; letter < 26; letter += 1)
  weights[65 + letter] = weights[97 + letter] = digit + 1 + letter;

const end = -1;
const zero = 48;
/** A collator takes longer numbers for several. */
const mostDigits = 200;

/** Languages whose collators order ASCII in this way: no two letters count as one, and none has another place. */
const plain: readonly string[] = ["en", "de", "zh", "es", "fr", "it", "ja", "ko", "nl", "pt", "ru"];

const weightAt = (text: string, at: number): number =>
  at >= text.length ? end : (weights[text.charCodeAt(at)] ?? 0);

/** The index after the digits at `at`. */
function afterDigits(text: string, at: number): number {
  let after = at;
  while (weightAt(text, after) === digit) after += 1;
  return after;
}

function afterZeros(text: string, at: number, before: number): number {
  let after = at;
  while (after < before && text.charCodeAt(after) === zero) after += 1;
  return after;
}

/** Where two names begin to differ; a number in which they do from its first digit on. */
function firstDifference(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  while (at > 0 && weightAt(a, at - 1) === digit) at -= 1;
  return at;
}

/** Undefined where only a collator knows: at characters outside ASCII, or beside them. */
function compareAscii(a: string, b: string): number | undefined {
  let i = firstDifference(a, b);
  let j = i;
  if (i > 0 && weightAt(a, i - 1) === 0) return undefined;
  for (;;) {
    const x = weightAt(a, i);
    const y = weightAt(b, j);
    if (x === 0 || y === 0) return undefined;
    if (x !== y) {
      // An accent of its own may follow.
      if (weightAt(a, i + 1) === 0 || weightAt(b, j + 1) === 0) return undefined;
      return x - y;
    }
    if (x === end) return 0;
    if (x !== digit) {
      i += 1;
      j += 1;
      continue;
    }
    const endA = afterDigits(a, i);
    const endB = afterDigits(b, j);
    if (endA - i > mostDigits || endB - j > mostDigits) return undefined;
    if (weightAt(a, endA) === 0 || weightAt(b, endB) === 0) return undefined;
    i = afterZeros(a, i, endA);
    j = afterZeros(b, j, endB);
    if (endA - i !== endB - j) return endA - i - (endB - j);
    for (; i < endA; i += 1, j += 1) {
      const order = a.charCodeAt(i) - b.charCodeAt(j);
      if (order !== 0) return order;
    }
  }
}

/**
 * Compares names in a language, by default in the system's; 0 for names that differ in case or accents only. The collator,
 * which takes milliseconds to make, is made at the first comparison.
 */
export function nameOrder(language?: string): (a: string, b: string) => number {
  let compare: ((a: string, b: string) => number) | undefined;
  return (a, b) => (compare ??= made(language))(a, b);
}

function made(language: string | undefined): (a: string, b: string) => number {
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const [used = ""] = collator.resolvedOptions().locale.split("-");
  if (!plain.includes(used)) return collator.compare;
  return (a, b) => (a === b ? 0 : (compareAscii(a, b) ?? collator.compare(a, b)));
}
