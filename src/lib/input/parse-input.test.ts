import { describe, expect, it } from "vitest";
import { completeSchemes, looksLikeLink, prefillText, parseInput } from "./parse-input.ts";

const urls = (text: string, literal = false): string[] =>
  parseInput(text, literal).links.map(({ url }) => url);

describe("what is read from a pasted text", () => {
  it.each([
    ["https://a.example/x", ["https://a.example/x"]],
    [
      " https://a.example/1\n\nhttp://b.example:80/2 https://a.example/1",
      ["https://a.example/1", "http://b.example:80/2"],
    ],
    [
      "https://a.example/[01-03].jpg",
      ["https://a.example/01.jpg", "https://a.example/02.jpg", "https://a.example/03.jpg"],
    ],
    ["https://cdn[1-2].example/x", ["https://cdn1.example/x", "https://cdn2.example/x"]],
    ["see https://a.example/[1-3] there", ["https://a.example/[1-3]"]],
    ["one: https://a.example/1, two: https://a.example/2.", ["https://a.example/1", "https://a.example/2"]],
    ["curl 'https://a.example/[1-2]' -H 'X: 1'", ["https://a.example/1", "https://a.example/2"]],
    ["curl -XPOST https://a.example/1\ncurl https://a.example/2", ["https://a.example/2"]],
  ])("%j means %j", (text, links) => {
    expect(urls(text)).toEqual(links);
    expect(parseInput(text).fault).toBeNull();
  });

  it("leaves brackets alone when told so, and still says what they would stand for", () => {
    expect(urls("https://a.example/[1-9]", true)).toEqual(["https://a.example/[1-9]"]);
    expect(parseInput("https://a.example/[1-9]", true).expanded).toBe(9);
    expect(parseInput("https://a.example/x").expanded).toBeNull();
  });

  it("keeps with each link what its command brings along", () => {
    const [first, second] = parseInput(
      "curl -A One https://a.example/1\ncurl -A Two https://a.example/2",
    ).links;
    expect([first?.with?.userAgent, second?.with?.userAgent]).toEqual(["One", "Two"]);
  });

  it.each([
    ["", { is: "nothing" }],
    ["   \n", { is: "nothing" }],
    ["nonsense", { is: "no-link", text: "nonsense" }],
    ["example.org/file.zip", { is: "no-scheme", text: "example.org/file.zip" }],
    ["example.org:8080/file.zip", { is: "no-scheme", text: "example.org:8080/file.zip" }],
    ["ftp://example.org/file", { is: "scheme", scheme: "ftp:" }],
    ["javascript:alert(1)", { is: "scheme", scheme: "javascript:" }],
    ["https://", { is: "no-link", text: "https://" }],
    ["https://a.example/[1-9999]", { is: "too-many", count: 9999 }],
    ["curl -d x https://a.example", { is: "curl", fault: { why: "body", option: "-d" } }],
  ])("refuses %j", (text, fault) => {
    expect(parseInput(text).links).toEqual([]);
    expect(parseInput(text).fault).toEqual(fault);
  });
});

it("takes a clipboard for wanted only when it is made of links or commands", () => {
  for (const yes of [
    "https://a.example/x",
    " https://a.example/1\nhttps://a.example/2 ",
    "curl https://a.example/x",
  ])
    expect(looksLikeLink(yes)).toBe(true);
  for (const no of [
    "",
    "password",
    "see https://a.example/x",
    "ftp://a.example/x",
    "curl -d 1 https://a.example",
  ])
    expect(looksLikeLink(no)).toBe(false);
});

it("offers of a text with words only its links, and links and commands as they are", () => {
  expect(prefillText("see https://a.example/x, or https://b.example")).toBe(
    "https://a.example/x\nhttps://b.example",
  );
  expect(prefillText(" https://a.example/[1-3] ")).toBe("https://a.example/[1-3]");
  expect(prefillText("curl -A Me https://a.example/x")).toBe("curl -A Me https://a.example/x");
  expect(prefillText("# from a list\r\nhttps://a.example/x\r\n")).toBe("https://a.example/x");
  expect(prefillText("nothing here")).toBe("");
});

describe("a missing scheme", () => {
  it.each([
    ["example.org/x", "https://example.org/x"],
    [" example.org/x\nhttp://b.example/y ", " https://example.org/x\nhttp://b.example/y "],
    ["example.org:8080/x", "https://example.org:8080/x"],
    ["example.org/[1-3].zip", "https://example.org/[1-3].zip"],
    ["ftp://example.org/x", "ftp://example.org/x"],
    ["see example.org", "see example.org"],
    ["curl example.org/x", "curl example.org/x"],
    ["https://a.example", "https://a.example"],
    ["", ""],
  ])("of %j is added: %j", (text, whole) => {
    expect(completeSchemes(text)).toBe(whole);
  });

  it("is not added to what is only pasted: a file name is no link", () => {
    expect(looksLikeLink("README.md")).toBe(false);
    expect(prefillText("README.md")).toBe("");
  });
});
