// Filters by a text or by a pattern with `*` and `?`, whatever the case. Pure.

const special = /[.+^${}()|[\]\\]/g;

/** Tests whether a text has these words in it, or is as the pattern says when there is a `*` or `?` in it. */
export function matcher(filter: string): (text: string) => boolean {
  const wanted = filter.trim().toLowerCase();
  if (wanted === "") return () => true;
  if (!/[*?]/.test(wanted)) return (text) => text.toLowerCase().includes(wanted);
  // Neighbouring stars say what one says, and would be tried in every combination.
  const pattern = wanted.replace(/\*+/g, "*").replace(special, "\\$&");
  const whole = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`, "su");
  return (text) => whole.test(text.toLowerCase());
}
