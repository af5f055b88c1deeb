import { expect, it } from "vitest";
import { parseSize } from "./parse-size.ts";
import { formatRate } from "./format-rate.ts";

it.each([
  [null, ""],
  [1, "1 B/s"],
  [999, "999 B/s"],
  [500_000, "500 kB/s"],
  [2_500_000, "2.5 MB/s"],
  [2_512_000, "2512 kB/s"],
  [262_144, "256 KiB/s"],
  [1_234_567, "1234567 B/s"],
])("%s is written %j", (rate, text) => expect(formatRate(rate)).toBe(text));

it("reads back to the same speed, with a point and with a comma", () => {
  let rate = 1;
  for (let step = 0; step < 2000; step += 1) {
    rate = (rate * 48_271 + step) % 40_000_000_000;
    for (const one of [rate + 1, (rate + 1) * 1000, Math.floor(rate / 1e7 + 1) * 250_000]) {
      expect(parseSize(formatRate(one))).toBe(one);
      expect(parseSize(formatRate(one, ","))).toBe(one);
    }
  }
});
