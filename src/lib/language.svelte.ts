// The language of the window. Every message reads it, so a change of `chosen` takes effect immediately. Knows the
// available languages and the system's preferences; knows no message.
import { baseLocale, getTextDirection, isLocale, locales, overwriteGetLocale } from "../paraglide/runtime.js";

export type Language = (typeof locales)[number];
export { locales as languages };

/** Null for an invalid tag: a system without a language reports `C`. */
function languageOf(tag: string): string | null {
  try {
    return new Intl.Locale(tag).language;
  } catch {
    return null;
  }
}

/** The first of the system's languages that the window has, else English. */
export function preferred(system: readonly string[]): Language {
  for (const tag of system) {
    const language = languageOf(tag);
    if (isLocale(language)) return language;
  }
  return baseLocale;
}

class UiLanguage {
  /** Null: the system's preference. */
  chosen = $state<Language | null>(null);
  current: Language = $derived(this.chosen ?? preferred(navigator.languages));
  /** For numbers and dates: the system's regional variant of the language, if there is one. */
  locale: string = $derived(
    navigator.languages.find((tag) => languageOf(tag) === this.current) ?? this.current,
  );
}

export const uiLanguage = new UiLanguage();

overwriteGetLocale(() => uiLanguage.current);

/** Sets language and direction of the document, for screen readers and hyphenation. */
export function markDocument(): void {
  document.documentElement.lang = uiLanguage.current;
  document.documentElement.dir = getTextDirection(uiLanguage.current);
}
