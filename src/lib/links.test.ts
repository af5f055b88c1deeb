import { describe, expect, it } from "vitest";
import { check, headers, linksIn, checksumFault, size } from "./links.ts";

describe("check", () => {
  it("takes several links once each, by line or space", () => {
    const a = "https://a.example/x.zip";
    const b = "http://b.example:8080/y?z=1#w";
    expect(check(`  ${a}\n${b}\n\n${a} `)).toEqual({ links: [a, b], error: null });
  });

  it.each([
    ["", "Paste a link"],
    ["   \n", "Paste a link"],
    ["nonsense", "“nonsense” is not a link."],
    ["example.org/file.zip", "lacks http:// or https://"],
    ["ftp://example.org/file", "not ftp:"],
    ["javascript:alert(1)", "not javascript:"],
    ["https://", "is not a link"],
    ["https://ok.example/a\nbad one", "“bad” is not a link."],
  ])("refuses %j in words", (text, words) => {
    const { links, error } = check(text);
    expect(links).toEqual([]);
    expect(error).toContain(words);
  });

  it("shortens what it quotes", () => expect(check("x".repeat(500)).error?.length).toBeLessThan(80));
});

it("linksIn finds links only where there is nothing else", () => {
  expect(linksIn("https://a.example/1\nhttps://a.example/2")).toHaveLength(2);
  expect(linksIn("see https://a.example/1")).toEqual([]);
});

describe("headers", () => {
  it("splits at the first colon", () => {
    expect(headers("Cookie: a=b: c\n\nX-Empty:").pairs).toEqual([
      ["Cookie", "a=b: c"],
      ["X-Empty", ""],
    ]);
  });
  it("refuses a line without a name", () => expect(headers("Cookie a").error).toContain("Name: value"));
});

it("checksumFault wants the digits of a digest, with or without the name of its algorithm, or nothing", () => {
  for (const good of [
    "",
    ` ${"aB3".repeat(21)}f `,
    "0".repeat(32),
    `sha-1:${"f".repeat(40)}`,
    `SHA512=${"1".repeat(128)}`,
  ])
    expect(checksumFault(good)).toBeNull();
  for (const bad of [
    "abc",
    "g".repeat(64),
    "0".repeat(63),
    "sha-256:",
    `:${"0".repeat(64)}`,
    `a b:${"0".repeat(64)}`,
  ])
    expect(checksumFault(bad)).toContain("sha-256:");
});

it.each([
  ["", null],
  ["1000", 1000],
  ["500 kB", 500_000],
  ["2,5MB", 2_500_000],
  ["1 G", 1_000_000_000],
  ["2 MB/s", 2_000_000],
  ["fast", undefined],
  ["0", undefined],
  ["-3 kB", undefined],
])("size of %j is %s", (text, count) => expect(size(text)).toBe(count));
