import { afterEach, describe, expect, it } from "vitest";
import { amount, nameParts, shortSpan } from "./amount.ts";
import { uiLanguage } from "./language.svelte.ts";

const plain = (text: string): string => text.replace(/\u00a0/g, " ");

afterEach(() => void (uiLanguage.chosen = null));

it.each([
  [18_940_000, 320_000_000, "18.9 / 320 MB"],
  [0, 210_000_000, "0 / 210 MB"],
  [12_300_000, 31_400_000_000, "0.01 / 31.4 GB"],
  [999_999, 1_000_000, "0.99 / 1.00 MB"],
  [1_000_000, 1_000_000, "1.00 / 1.00 MB"],
  [12, 512, "12 / 512 B"],
  [21_400_000, null, "21.4 MB"],
])("%i of %s is %s", (received, total, text) => {
  expect(plain(amount(received, total))).toBe(text);
});

describe("a duration", () => {
  it.each([
    ["en", "35s", "2m 34s", "15m", "1h 5m"],
    ["de", "35 s", "2:34 min", "15 min", "1:05 h"],
    ["zh", "35秒", "2分34秒", "15分钟", "1小时5分"],
  ] as const)("is short in %s", (language, ...texts) => {
    uiLanguage.chosen = language;
    expect([35, 154, 900, 3_900].map((seconds) => plain(shortSpan(seconds)))).toEqual(texts);
  });
});

it("the ending of a long name stays, and letters are never cut", () => {
  expect(nameParts("short.zip")).toEqual(["short.zip", ""]);
  expect(nameParts("sensor-dump-of-the-harbour-06z.tar.zst")).toEqual([
    "sensor-dump-of-the-harbour-",
    "06z.tar.zst",
  ]);
  expect(nameParts("harbour-panorama-of-1911.tiff")).toEqual(["harbour-panorama-of-", "1911.tiff"]);
  expect(nameParts("a name without any extension")[1]).toBe("ension");
  expect(nameParts("🎬".repeat(40) + ".mkv")[1]).toBe("🎬🎬🎬🎬.mkv");
});
