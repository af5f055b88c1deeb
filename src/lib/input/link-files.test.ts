import { describe, expect, it } from "vitest";
import { asMetalinkFile, parseMetalink, readLinkFiles } from "./link-files.ts";

const meta4 = `<?xml version="1.0" encoding="UTF-8"?>
<metalink xmlns="urn:ietf:params:xml:ns:metalink">
  <file name="dir/a.iso"><size>9</size>
    <hash type="sha-1">${"1".repeat(40)}</hash>
    <hash type="sha-256"> ${"AB".repeat(32)}
    </hash>
    <hash type="sha-512">abc</hash>
    <hash type="sha-384">${"2".repeat(96)}</hash>
    <pieces type="sha-512" length="262144"><hash>${"3".repeat(128)}</hash></pieces>
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
    const checksum = `sha-256:${"ab".repeat(32)}`;
    const one = { url: "https://first.example/a.iso", name: "a.iso", headers: [], checksum };
    expect(await readLinkFiles([new File([meta4], "x.META4")])).toEqual([one]);
  });

  it("are found in the third version too, and none in what is no XML", () => {
    const third = `<metalink version="3.0"><files><file name="b.zip"><resources>
      <url type="http" preference="10">http://ten.example/b.zip</url>
      <url type="http" preference="90">http://ninety.example/b.zip</url></resources>
      <verification><hash type="md5">${"4".repeat(32)}</hash><hash type="sha1">${"5".repeat(40)}</hash>
      <pieces type="sha1" length="9"><hash piece="0">${"6".repeat(40)}</hash></pieces></verification>
    </file></files></metalink>`;
    const checksum = `sha-1:${"5".repeat(40)}`;
    expect(parseMetalink(third)).toEqual([
      { url: "http://ninety.example/b.zip", name: "b.zip", headers: [], checksum },
    ]);
    expect(parseMetalink("https://a.example/1")).toEqual([]);
  });

  it("are those of a Metalink whose text was copied, and of no other text", async () => {
    const file = asMetalinkFile(`\n${meta4}`);
    const found = await readLinkFiles(file === undefined ? [] : [file]);
    expect(found.map(({ name }) => name)).toEqual(["a.iso"]);
    for (const text of ["https://a.example/x.metalink", "<html><metalinks></html>", "a <metalink>"]) {
      expect(asMetalinkFile(text)).toBeUndefined();
    }
  });
});
