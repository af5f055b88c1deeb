import { expect, it } from "vitest";
import { amount, nameParts } from "./amount.ts";

const plain = (text: string): string => text.replace(/\u00a0/g, " ");

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
