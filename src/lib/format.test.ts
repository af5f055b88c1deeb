import { afterEach, describe, expect, it } from "vitest";
import { bytes, exact, percent, share, shortName, span, speed, timeOfDay, when } from "./format.ts";
import { uiLanguage } from "./language.svelte.ts";

afterEach(() => {
  uiLanguage.chosen = null;
});
/** Shows non-breaking spaces as plain ones. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, " ");

describe("bytes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1.00 kB"],
    [1_240_000_000, "1.24 GB"],
    [9_994_999, "9.99 MB"],
    [9_995_000, "10.0 MB"],
    [99_950_000, "100 MB"],
    [999_499_999, "999 MB"],
    [999_500_000, "1.00 GB"],
    [Number.MAX_SAFE_INTEGER, "9.01 PB"],
    [-5, "0 B"],
  ])("shows %i as %s", (count, text) => expect(plain(bytes(count))).toBe(text));

  it("never shows four digits before the unit", () => {
    for (let count = 1; count < 1e15; count = Math.ceil(count * 1.013)) {
      expect(plain(bytes(count)), String(count)).toMatch(/^\d{1,3}(\.\d{1,2})? (B|kB|MB|GB|TB)$/);
    }
  });

  it("keeps number and unit on one line", () => expect(bytes(5)).not.toContain(" "));
});

describe("percent", () => {
  it.each([
    [0, 100, "0%"],
    [999, 1000, "99%"],
    [1000, 1000, "100%"],
    [0, 0, "100%"],
    [5, null, "–"],
    [1100, 1000, "100%"],
  ])("of %s in %s is %s", (received, total, text) => expect(percent(received, total)).toBe(text));

  it("knows no share of an unknown length", () => expect(share(12, null)).toBeNull());
});

describe("span", () => {
  it.each([
    [0, "0 sec", "0s"],
    [59.4, "59 sec", "59s"],
    [59.6, "1 min", "1m"],
    [61, "1 min 1 sec", "1m 1s"],
    [599, "9 min 59 sec", "9m 59s"],
    [630, "11 min", "11m"],
    [3_599, "1 hr", "1h"],
    [4_800, "1 hr 20 min", "1h 20m"],
    [86_400, "1 day", "1d"],
    [100_000, "1 day 3 hr", "1d 3h"],
    [1e9, "> 99 days", "> 99d"],
  ])("shows %f seconds as %s or %s", (seconds, short, narrow) => {
    expect(span(seconds)).toBe(short);
    expect(span(seconds, "narrow")).toBe(narrow);
  });
});

describe("the rest", () => {
  it("shows speeds per second", () => expect(plain(speed(12_400_000))).toBe("12.4 MB/s"));
  it("groups exact counts", () => expect(exact(1_234_567)).toBe("1,234,567"));

  it("shows durations in German columns as a clock does, with the symbols of the units", () => {
    uiLanguage.chosen = "de";
    const narrow = [8, 120, 152, 900, 3_900, 180_000, 172_800, 1e9].map((seconds) => span(seconds, "narrow"));
    expect(narrow).toEqual(["8 s", "2:00 min", "2:32 min", "15 min", "1:05 h", "2 d 2 h", "2 d", "> 99 d"]);
    expect(plain(span(152))).toBe("2 Min. 32 Sek.");
  });

  it("writes hours as the language does", () => {
    const now = new Date(2026, 10, 23, 15, 0).getTime();
    const said = (["en", "de", "zh"] as const).map((language) => {
      uiLanguage.chosen = language;
      return [[10, 23] as const, [2, 12] as const]
        .map(([month, day]) => when(new Date(2026, month, day, 8, 29).getTime(), now).replace(/\s/g, " "))
        .join(" / ");
    });
    expect(said).toEqual(["8:29 AM / Mar 12, 8:29 AM", "08:29 / 12. März, 08:29", "08:29 / 3月12日 08:29"]);
  });

  it("leaves out of a date what is clear", () => {
    uiLanguage.chosen = "de";
    const now = new Date(2026, 10, 23, 15, 0).getTime();
    expect(when(new Date(2026, 10, 23, 9, 5).getTime(), now)).toBe("09:05");
    expect(when(new Date(2026, 2, 12, 9, 5).getTime(), now)).toMatch(/12\..*09:05/);
    expect(when(new Date(2024, 2, 12).getTime(), now)).toContain("2024");
  });
});

it("everything follows the language that was chosen", () => {
  const at = new Date(2026, 2, 12, 21, 5, 9).getTime();
  const said = (["en", "de", "zh"] as const).map((language) => {
    uiLanguage.chosen = language;
    const texts = [bytes(1_240_000), percent(1, 4), span(4_800), exact(12_345), timeOfDay(at)];
    return texts.map(plain).join(", ");
  });
  expect(said).toEqual([
    "1.24 MB, 25%, 1 hr 20 min, 12,345, 21:05:09",
    "1,24 MB, 25 %, 1 Std. 20 Min., 12.345, 21:05:09",
    "1.24 MB, 25%, 1小时 20分钟, 12,345, 21:05:09",
  ]);
});

describe("a long name", () => {
  it("loses its middle, never its ending", () => {
    expect(shortName("notes.pdf")).toBe("notes.pdf");
    const name = "weather-model-run-2026-11-30-06z.tar.zst";
    expect(shortName(name)).toBe("weather…-06z.tar.zst");
    expect(Array.from(shortName("🌊".repeat(50)))).toHaveLength(20);
    expect(shortName(name, 40)).toBe(name);
  });
});
