import { describe, expect, it } from "vitest";
import { parseMetalink, readLinkFiles } from "./link-files.ts";

const meta4 = `<?xml version="1.0" encoding="UTF-8"?>
<metalink xmlns="urn:ietf:params:xml:ns:metalink">
  <file name="dir/a.iso"><size>9</size>
    <url priority="2">https://second.example/a.iso</url>
    <url priority="1"> https://first.example/a.iso </url>
    <url priority="0">ftp://old.example/a.iso</url>
  </file>
  <file name="none.iso"><url>magnet:?x</url></file>
</metalink>`;

describe("links in files", () => {
  it("are those of a list and of a page, each once", async () => {
    const list = new File(["https://a.example/1\nhttps://a.example/2\n"], "links.txt");
    const page = new File(['<a href="https://a.example/2?x=1&amp;y=2">x</a> https://a.example/1'], "x.html");
    const found = await readLinkFiles([list, page]);
    expect(found.map(({ url }) => url)).toEqual([
      "https://a.example/1",
      "https://a.example/2",
      "https://a.example/2?x=1&y=2",
    ]);
  });

  it("are the first link and the name of each file of a Metalink", async () => {
    const one = { url: "https://first.example/a.iso", name: "a.iso", headers: [] };
    expect(await readLinkFiles([new File([meta4], "x.META4")])).toEqual([one]);
  });

  it("are found in the third version too, and none in what is no XML", () => {
    const third = `<metalink version="3.0"><files><file name="b.zip"><resources>
      <url type="http" preference="10">http://ten.example/b.zip</url>
      <url type="http" preference="90">http://ninety.example/b.zip</url>
    </resources></file></files></metalink>`;
    expect(parseMetalink(third).map(({ url }) => url)).toEqual(["http://ninety.example/b.zip"]);
    expect(parseMetalink("https://a.example/1")).toEqual([]);
  });
});
