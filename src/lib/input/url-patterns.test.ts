import { describe, expect, it } from "vitest";
import { expand, countLinks, maxLinks } from "./url-patterns.ts";

describe("patterns", () => {
  it.each([
    ["x[1-3]", ["x1", "x2", "x3"]],
    ["x[08-11]", ["x08", "x09", "x10", "x11"]],
    ["x[001-2]", ["x001", "x002"]],
    ["x[a-c].zip", ["xa.zip", "xb.zip", "xc.zip"]],
    ["x[A-B]", ["xA", "xB"]],
    ["[0-10:5]", ["0", "5", "10"]],
    ["[a-e:2]", ["a", "c", "e"]],
    ["[1-2]-[a-b]", ["1-a", "1-b", "2-a", "2-b"]],
    ["[5-5]", ["5"]],
  ])("%j is %j", (link, all) => {
    expect(expand(link)).toEqual(all);
    expect(countLinks(link)).toBe(all.length);
  });

  it.each([
    "http://[::1]/x",
    "http://[fe80::1-2]/x",
    "x[]",
    "x[3-1]",
    "x[1-3:0]",
    "x[a-C]",
    "x[1-b]",
    "x[1,3]",
    "x[draft-2]",
    "x[1-3",
    "x1-3]",
  ])("%j stands for itself only", (link) => {
    expect(countLinks(link)).toBe(1);
    expect(expand(link)).toEqual([link]);
  });

  it("expands to exactly as many as it counts, all different, and to none above the bound", () => {
    for (let first = 0; first < 12; first += 1) {
      for (let last = first; last < 120; last += 13) {
        for (let step = 1; step < 8; step += 3) {
          const link = `https://a.example/[0${first}-${last}:${step}]/[a-d]`;
          const all = expand(link);
          expect(all).toHaveLength(countLinks(link));
          expect(new Set(all).size).toBe(all.length);
        }
      }
    }
    expect(expand(`[1-${maxLinks}]`)).toHaveLength(maxLinks);
    expect(countLinks("[1-999999999999]")).toBe(999_999_999_999);
    expect(expand(`[1-${maxLinks + 1}]`)).toEqual([]);
    expect(expand("[1-100]/[1-100]/[1-100]")).toEqual([]);
  });
});
