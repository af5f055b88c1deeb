import { describe, expect, it } from "vitest";
import { bytes, exact, percent, progress, share, span, speed, when } from "./format.ts";

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
  ])("shows %i as %s", (count, text) => expect(bytes(count)).toBe(text));

  it("never shows four digits before the unit", () => {
    for (let count = 1; count < 1e15; count = Math.ceil(count * 1.013)) {
      expect(bytes(count), String(count)).toMatch(/^\d{1,3}(\.\d{1,2})? (B|kB|MB|GB|TB)$/);
    }
  });
});

describe("percent", () => {
  it.each([
    [0, 100, "0 %"],
    [999, 1000, "99 %"],
    [1000, 1000, "100 %"],
    [0, 0, "100 %"],
    [5, null, "–"],
    [1100, 1000, "100 %"],
  ])("of %s in %s is %s", (received, total, text) => expect(percent(received, total)).toBe(text));

  it("knows no share of an unknown length", () => expect(share(12, null)).toBeNull());
});

describe("progress", () => {
  it("names both ends while under way, one when whole or unknown", () => {
    expect(progress(1_500_000, 3_000_000)).toBe("1.50 MB of 3.00 MB");
    expect(progress(3_000_000, 3_000_000)).toBe("3.00 MB");
    expect(progress(1_500_000, null)).toBe("1.50 MB");
  });
});

describe("span", () => {
  it.each([
    [0, "0 s"],
    [59.4, "59 s"],
    [59.6, "1 min"],
    [61, "1 min 1 s"],
    [599, "9 min 59 s"],
    [630, "11 min"],
    [3_599, "1 h"],
    [4_800, "1 h 20 min"],
    [86_400, "1 d"],
    [100_000, "1 d 3 h"],
    [1e9, "over 99 d"],
  ])("shows %f seconds as %s", (seconds, text) => expect(span(seconds)).toBe(text));
});

describe("the rest", () => {
  it("shows speeds per second", () => expect(speed(12_400_000)).toBe("12.4 MB/s"));
  it("groups exact counts", () => expect(exact(1_234_567)).toBe("1\u202f234\u202f567"));

  it("leaves out of a date what is clear", () => {
    const now = new Date(2026, 10, 23, 15, 0).getTime();
    expect(when(new Date(2026, 10, 23, 9, 5).getTime(), now)).toBe("09:05");
    expect(when(new Date(2026, 2, 12, 9, 5).getTime(), now)).toMatch(/12.*09:05|09:05.*12/);
    expect(when(new Date(2024, 2, 12).getTime(), now)).toContain("2024");
  });
});
