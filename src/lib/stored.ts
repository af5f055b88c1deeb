// What the window remembers between two starts, in localStorage. Only preferences: what cannot be read is forgotten.

/** The value that was stored under this key; undefined when there is none. */
export function load(key: string): unknown {
  try {
    const text = localStorage.getItem(key);
    return text === null ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

/** The same as an object with unknown fields; empty when it is none. */
export function loadFields(key: string): Readonly<Record<string, unknown>> {
  const value = load(key);
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

export function save(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden storage: the window works, and starts as it did before.
  }
}
