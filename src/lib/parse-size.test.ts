import { expect, it } from "vitest";
import { parseSize } from "./parse-size.ts";

it.each([
  ["", null],
  ["1000", 1000],
  ["500 kB", 500_000],
  ["2,5MB", 2_500_000],
  ["1 G", 1_000_000_000],
  ["2 MB/s", 2_000_000],
  ["2.5 MB / s", 2_500_000],
  ["1 MiB", 1_048_576],
  ["0.5 KiB/s", 512],
  ["16 Mbit/s", 2_000_000],
  ["2.125 kB", 2125],
  ["1,000 kB", undefined],
  ["1 iB", undefined],
  ["2 MB/h", undefined],
  ["1e3", undefined],
  ["999999999999 TB", undefined],
  ["fast", undefined],
  ["0", undefined],
  ["-3 kB", undefined],
])("parseSize of %j is %s", (text, count) => expect(parseSize(text)).toBe(count));

it("parseSize gives back whatever count it is written from, in each unit", () => {
  for (let count = 1; count < 1e12; count = count * 3 + 1) {
    for (const [unit, factor] of [
      ["B", 1],
      ["kB", 1e3],
      ["MB/s", 1e6],
      ["GiB", 2 ** 30],
    ] as const) {
      expect(parseSize(`${count} ${unit}`)).toBe(
        count * factor <= Number.MAX_SAFE_INTEGER ? count * factor : undefined,
      );
    }
  }
});
