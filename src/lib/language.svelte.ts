// Which language the window speaks. Every message asks here, so a change of `chosen` is on the screen at once.
// Knows the languages there are and what the system prefers; knows no message.
import { baseLocale, getTextDirection, isLocale, locales, overwriteGetLocale } from "../paraglide/runtime.js";

export type Language = (typeof locales)[number];
export { locales as languages };

/** Null for what is no language: a system without any calls itself `C`. */
function languageOf(tag: string): string | null {
  try {
    return new Intl.Locale(tag).language;
  } catch {
    return null;
  }
}

/** The first of the system's languages that the window speaks, else English. */
export function preferred(system: readonly string[]): Language {
  for (const tag of system) {
    const language = languageOf(tag);
    if (isLocale(language)) return language;
  }
  return baseLocale;
}

class UiLanguage {
  /** Null: as the system prefers. */
  chosen = $state<Language | null>(null);
  current: Language = $derived(this.chosen ?? preferred(navigator.languages));
  /** For numbers and dates: the system's own region of that language, if it names one. */
  locale: string = $derived(
    navigator.languages.find((tag) => languageOf(tag) === this.current) ?? this.current,
  );
}

export const uiLanguage = new UiLanguage();

overwriteGetLocale(() => uiLanguage.current);

/** Tells the document, for screen readers, hyphenation and direction. */
export function markDocument(): void {
  document.documentElement.lang = uiLanguage.current;
  document.documentElement.dir = getTextDirection(uiLanguage.current);
}
