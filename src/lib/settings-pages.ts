// The pages of the settings, in their order, and which one was read last. Stored in localStorage. Knows no markup.

export const settingsPages = [
  "system",
  "looks",
  "files",
  "speed",
  "network",
  "notices",
  "data",
  "about",
] as const;
export type SettingsPage = (typeof settingsPages)[number];
/** Views of their own that pages lead to. */
export type SettingsView = "history" | "log" | "licences";

const key = "millrace.settings-page";

/** The first page for whoever has not read any. */
export function lastSettingsPage(): SettingsPage {
  const kept = localStorage.getItem(key);
  return settingsPages.find((page) => page === kept) ?? "system";
}

export const keepSettingsPage = (page: SettingsPage): void => localStorage.setItem(key, page);
