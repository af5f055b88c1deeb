import { expect, it } from "vitest";
import { matcher } from "./glob.ts";

it.each([
  ["", "anything", true],
  ["Film", "a film.mkv", true],
  ["film", "a movie.mkv", false],
  ["*.mkv", "A.MKV", true],
  ["*.mkv", "a.mkv.part", false],
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["(1)*", "(1) x", true],
  ["a.c*", "abc", false],
])("the filter %j on %j: %j", (filter, text, expected) => {
  expect(matcher(filter)(text)).toBe(expected);
});
