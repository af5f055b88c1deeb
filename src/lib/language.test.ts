// The language follows the system unless the user selected one, and messages follow it.
import { afterEach, expect, test } from "vitest";
import { m } from "../paraglide/messages.js";
import { languages, preferred, uiLanguage } from "./language.svelte.ts";

afterEach(() => {
  uiLanguage.chosen = null;
});

test("the first of the system's languages that is spoken here is taken, whatever its region", () => {
  expect(preferred(["fr-FR", "zh-Hans-CN", "de"])).toBe("zh");
  expect(preferred(["de-AT"])).toBe("de");
  expect(preferred(["fr"])).toBe("en");
  expect(preferred([])).toBe("en");
  expect(preferred(["c", "", "de_DE.UTF-8", "zh"])).toBe("zh");
});

test("messages are in the language that was chosen, with its plurals", () => {
  const said = languages.map((language) => {
    uiLanguage.chosen = language;
    return [m.window_removed({ count: 1 }), m.window_removed({ count: 2 })];
  });
  expect(said).toEqual([
    ["1 download removed", "2 downloads removed"],
    ["1 Download entfernt", "2 Downloads entfernt"],
    ["已移除 1 个下载", "已移除 2 个下载"],
  ]);
});

test("every language has every message, and no word of another by mistake", () => {
  const all = import.meta.glob<Record<string, unknown>>("../messages/*/*.json", {
    import: "default",
    eager: true,
  });
  const keys = (part: string, language: string): string[] =>
    Object.keys(all[`../messages/${part}/${language}.json`] ?? {}).toSorted();
  const parts = new Set(Object.keys(all).map((path) => path.split("/")[2] ?? ""));
  expect(parts.size).toBeGreaterThan(5);
  for (const part of parts) {
    for (const language of languages) expect(keys(part, language), part).toEqual(keys(part, "en"));
    // Chinese texts are written in Chinese; the names of keys, units and Millrace are exempt.
    const latin = Object.entries(all[`../messages/${part}/zh.json`] ?? {}).filter(([key, text]) => {
      const bare = JSON.stringify(text).replace(/\{\w+\}/g, "");
      return (
        !key.startsWith("window_key_name") &&
        /[a-z]{2}/i.test(bare) &&
        !/\p{Script=Han}|Millrace|Cookie/u.test(bare)
      );
    });
    expect(latin).toEqual([]);
  }
});
