// The language follows the system unless the person chose one, and messages follow it.
import { afterEach, expect, test } from "vitest";
import { m } from "../paraglide/messages.js";
import { languages, preferred, spoken } from "./language.svelte.ts";

afterEach(() => {
  spoken.chosen = null;
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
    spoken.chosen = language;
    return [m.common_downloads({ count: 1 }), m.common_downloads({ count: 2 })];
  });
  expect(said).toEqual([
    ["1 download", "2 downloads"],
    ["1 Download", "2 Downloads"],
    ["1 个下载", "2 个下载"],
  ]);
});
