// Holds the rules of the interface's texts: every message is used, one word names a thing, and each language is
// typeset as its readers know it.
import { expect, test } from "vitest";
import { languages } from "./language.svelte.ts";

const files = import.meta.glob<Record<string, unknown>>("../messages/*/*.json", {
  import: "default",
  eager: true,
});
const page = import.meta.glob<string>(["../**/*.{ts,svelte}", "!../paraglide/**", "!../**/*.test.ts"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const core = import.meta.glob<string>("../../src-tauri/crates/backend/src/i18n/mod.rs", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** Key and text of all messages of a language, each form of a plural by itself. */
function texts(language: string): [string, string][] {
  const ofLanguage = Object.entries(files).filter(([path]) => path.endsWith(`/${language}.json`));
  return ofLanguage
    .flatMap(([, messages]) => Object.entries(messages))
    .filter(([key]) => key !== "$schema")
    .flatMap(([key, message]): [string, string][] => {
      if (typeof message === "string") return [[key, message]];
      const forms = (message as { match: Record<string, string> }[]).flatMap(({ match }) =>
        Object.values(match),
      );
      return forms.map((form) => [key, form]);
    });
}
/** Messages whose text matches, without the names of their values. */
const matching = (language: string, pattern: RegExp): [string, string][] =>
  texts(language).filter(([, text]) => pattern.test(text.replace(/\{\w+\}/g, "{}")));

test("every message is used", () => {
  const source = [...Object.values(page), ...Object.values(core)].join("\n");
  const used = new Set(source.match(/\b[a-z]+_[a-z0-9_]+/g));
  expect(used.size).toBeGreaterThan(300);
  const unused = new Set(texts("en").map(([key]) => key));
  for (const key of used) unused.delete(key);
  expect([...unused]).toEqual([]);
});

test("no language has straight quotes or apostrophes", () => {
  for (const language of languages) expect(matching(language, /["']/)).toEqual([]);
});

test("an ellipsis is joined to its word, and follows a space in German", () => {
  for (const language of ["en", "zh"]) expect(matching(language, /\s…|\.\.\./)).toEqual([]);
  expect(matching("de", /\S…|\.\.\./)).toEqual([]);
});

test("English has one word for each thing", () => {
  const others =
    /\b(goes? on|is here|are here|start over|in vain|its turn|come in|coming in|at most|category|try now)\b/i;
  expect(matching("en", others)).toEqual([]);
});

test("German has one word for each thing, and says Sie", () => {
  const others = /anhalten|angehalten|noch einmal|einzelheiten|vorrang|höchsttempo|kategorie/i;
  expect(matching("de", others)).toEqual([]);
  expect(matching("de", /\b(du|dich|dir|dein\w*)\b/i)).toEqual([]);
  // Imperatives of "du" at the beginning of a sentence.
  expect(matching("de", /(^|[.:] )(Füge|Schreib|Gib|Wähle|Prüfe|Versuch|Öffne|Lass)\b/)).toEqual([]);
});

test("Chinese says 您", () => {
  expect(matching("zh", /你/)).toEqual([]);
});
