// Names of many files by a template: `{n}` counts from 1, `{n:02}` with two digits, `{name}` is the name without its
// ending, `{ext}` the ending. Pure.

type Named = { name: string; ending: string };

const field = /\{(n(?::0(\d))?|name|ext)\}/g;

/** Whether the template makes a name: it is not empty, and every brace in it belongs to a field. */
export const isTemplate = (text: string): boolean =>
  text.trim() !== "" && !/[{}/\\]/.test(text.replace(field, ""));

/** The name of the file at `place`, counted from 0. Without `{ext}` the ending stays. */
export function nameFrom(template: string, { name, ending }: Named, place: number): string {
  const stem = ending === "" ? name : name.slice(0, -(ending.length + 1));
  const made = template.trim().replace(field, (_, key: string, digits: string | undefined) => {
    if (key === "name") return stem;
    if (key === "ext") return name.slice(stem.length + 1);
    return String(place + 1).padStart(Number(digits ?? 1), "0");
  });
  return template.includes("{ext}") || ending === "" ? made : `${made}.${name.slice(stem.length + 1)}`;
}

/** Whether the text names one folder, of which `{host}` and `{ext}` are the fields that the core fills in. */
export function isFolderPattern(text: string): boolean {
  const plain = text.trim().replace(/\{(host|ext)\}/g, "x");
  return plain !== "" && plain !== "." && plain !== ".." && !/[{}/\\]/.test(plain);
}
