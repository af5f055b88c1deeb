import { describe, expect, it } from "vitest";
import {
  parseChecksum,
  parseHeaders,
  formatHeaders,
  parseDate,
  formatDate,
  parseProxy,
} from "./field-parsers.ts";

describe("headers", () => {
  it("are split at the first colon, and written the same way", () => {
    const { pairs } = parseHeaders("Cookie: a=b: c\n\nX-Empty:\n");
    expect(pairs).toEqual([
      ["Cookie", "a=b: c"],
      ["X-Empty", ""],
    ]);
    expect(parseHeaders(formatHeaders(pairs)).pairs).toEqual(pairs);
  });
  it("without a name are refused by their line", () =>
    expect(parseHeaders("A: b\nCookie a").invalidLine).toBe("Cookie a"));
});

describe("a checksum", () => {
  const digits = { md5: 32, "sha-1": 40, "sha-256": 64, "sha-512": 128 } as const;
  it.each(Object.entries(digits))(
    "is told to be %s by its length, with or without its name",
    (algorithm, length) => {
      const hex = "aB3c".repeat(length / 4);
      const wanted = { algorithm, digits: hex.toLowerCase() };
      const name = algorithm.replace("sha-", "SHA");
      for (const text of [
        hex,
        ` ${hex}\n`,
        `${algorithm}:${hex}`,
        `${name}=${hex}`,
        `${name} (x y.iso) = ${hex}`,
        `${hex}  x.iso`,
        `${hex} *x.iso`,
      ])
        expect(parseChecksum(text)).toEqual(wanted);
    },
  );
  it("is nothing when empty, and nonsense when it fits no algorithm or another one", () => {
    expect(parseChecksum("  ")).toBeNull();
    for (const bad of [
      "abc",
      "g".repeat(64),
      "0".repeat(63),
      "sha-256:",
      `md5:${"0".repeat(64)}`,
      `crc:${"0".repeat(32)}`,
    ])
      expect(parseChecksum(bad)).toBeUndefined();
  });
});

describe("a moment", () => {
  it("is read as the field writes it, and by hand", () => {
    const at = new Date(2026, 10, 27, 3, 5).getTime();
    for (const text of ["2026-11-27T03:05", " 2026-11-27 03:05 ", "2026-11-27T03:05:59"])
      expect(parseDate(text)).toBe(at);
    expect(formatDate(at)).toBe("2026-11-27T03:05");
    expect(parseDate("")).toBeNull();
  });
  it.each(["tomorrow", "2026-02-30T10:00", "2026-11-27T25:00", "2026-13-01T00:00", "2026-11-27"])(
    "%j is none",
    (text) => expect(parseDate(text)).toBeUndefined(),
  );
});

it.each([
  ["", null],
  ["p.example:3128", "http://p.example:3128"],
  ["socks5://u:p@p.example:1080", "socks5://u:p@p.example:1080"],
  ["socks5h://p.example", "socks5h://p.example"],
  ["https://p.example/", "https://p.example/"],
  ["ftp://p.example", undefined],
  ["http://", undefined],
  ["http://p.example/path", undefined],
  ["two words", undefined],
])("the proxy %j is %j", (text, url) => expect(parseProxy(text)).toBe(url));
