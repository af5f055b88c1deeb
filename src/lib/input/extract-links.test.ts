import { describe, expect, it } from "vitest";
import { extractLinks } from "./extract-links.ts";

describe("extractLinks", () => {
  it.each([
    ["see https://a.example/x.zip.", ["https://a.example/x.zip"]],
    ["(https://a.example/x_(1).zip)", ["https://a.example/x_(1).zip"]],
    ["[words](https://a.example/x.zip), and more", ["https://a.example/x.zip"]],
    ["[two](https://a.example/1)[more](https://a.example/2)", ["https://a.example/1", "https://a.example/2"]],
    ['<a href="https://a.example/?a=1&amp;b=2">x</a>', ["https://a.example/?a=1&b=2"]],
    ["<https://a.example/x>; <http://b.example>", ["https://a.example/x", "http://b.example"]],
    ["下载：https://a.example/文件.zip。", ["https://a.example/文件.zip"]],
    ["https://a.example/1 https://a.example/1", ["https://a.example/1"]],
    ["“https://a.example/x”!", ["https://a.example/x"]],
    ["HTTPS://A.EXAMPLE/X", ["HTTPS://A.EXAMPLE/X"]],
    ["http://[::1]:8080/x", ["http://[::1]:8080/x"]],
    ["ftp://a.example/x mailto:a@b.example javascript:alert(1)", []],
    ["https:// http://", []],
    ["", []],
  ])("in %j are %j", (text, links) => expect(extractLinks(text)).toEqual(links));

  it("gives back every plain link that is set among any words, in order and once", () => {
    const links = Array.from(
      { length: 200 },
      (_, at) => `https://h${at % 7}.example/p/${at}?q=${at * 31}&r=a-b`,
    );
    for (const between of [" ", "\n", ", ", "; ", " and ", "\t|\t", ") (", ".\n\n* "]) {
      expect(extractLinks(`Begin: ${links.join(between)}${between}${links.join(between)}`)).toEqual(links);
    }
  });
});
