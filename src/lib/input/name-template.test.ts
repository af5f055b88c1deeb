import { describe, expect, it } from "vitest";
import { isFolderPattern, isTemplate, nameFrom } from "./name-template.ts";

describe("a template of names", () => {
  it.each([
    ["{n}", 0, "1.JPG"],
    ["{n:02} {name}", 8, "09 photo.JPG"],
    ["{n:03}-{name}.{ext}", 99, "100-photo.JPG"],
    [" holiday {n:02} ", 1, "holiday 02.JPG"],
  ])("%j makes of the file at %i %j", (template, place, made) => {
    expect(isTemplate(template)).toBe(true);
    expect(nameFrom(template, { name: "photo.JPG", ending: "jpg" }, place)).toBe(made);
  });

  it("adds no ending to a name without one", () => {
    expect(nameFrom("{n} {name}", { name: "readme", ending: "" }, 0)).toBe("1 readme");
  });

  it.each(["", "  ", "{x}", "{n", "a/{n}", "{n:2}"])("%j is none", (text) => {
    expect(isTemplate(text)).toBe(false);
  });
});

describe("the name of a subfolder", () => {
  it.each(["Lectures", " {host} ", "{host} {ext}", "..a"])("may be %j", (text) => {
    expect(isFolderPattern(text)).toBe(true);
  });

  it.each(["", " ", ".", "..", "a/b", "a\\b", "../a", "{n}", "{host"])("may not be %j", (text) => {
    expect(isFolderPattern(text)).toBe(false);
  });
});
