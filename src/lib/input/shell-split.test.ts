import { describe, expect, it } from "vitest";
import { splitCommands } from "./shell-split.ts";

describe("words of bash", () => {
  it.each([
    ["a b  c", [["a", "b", "c"]]],
    [`a 'b c' "d e" f\\ g`, [["a", "b c", "d e", "f g"]]],
    [`a 'it'\\''s' ''`, [["a", "it's", ""]]],
    [`"\\$x \\" \\\\ \\n \`"`, [['$x " \\ \\n `']]],
    ["$'a\\'b\\u0021\\x41\\101\\n\\t\\\\'", [["a'b!AA\n\t\\"]]],
    ["a \\\n  b \\\r\n  c\nd", [["a", "b", "c"], ["d"]]],
    ["a; b & c | d", [["a"], ["b"], ["c"], ["d"]]],
    ["a 'x;y&z|\n'", [["a", "x;y&z|\n"]]],
    ["a '", [["a", ""]]],
    ["a \\", [["a", ""]]],
    ["", []],
  ])("%j is %j", (text, commands) => expect(splitCommands(text)).toEqual(commands));

  it("gives back any text that was put in single quotes", () => {
    for (const text of samples()) {
      // A caret before a quote or a line break marks the Windows form.
      if (/\^["\n]/.test(text)) continue;
      expect(splitCommands(`x '${text.replaceAll("'", "'\\''")}' y`)).toEqual([["x", text, "y"]]);
    }
  });
});

describe("words of the Windows prompt", () => {
  it.each([
    ['curl ^"a^" ^\n  -H ^"b: c^"', [["curl", "a", "-H", "b: c"]]],
    ['x ^"a^&b^|c^%^41^^d^"', [["x", "a&b|c%41^d"]]],
    ['x ^"a^\\^"b^\\^"^"', [["x", 'a"b"']]],
    ['x ^"one^\n\ntwo^"', [["x", "one\ntwo"]]],
    [
      'x ^"a^"\r\ny ^"b^"',
      [
        ["x", "a"],
        ["y", "b"],
      ],
    ],
    ['x "a b" ^"c^"', [["x", "a b", "c"]]],
    ['x ^"c:\\\\d\\^" e^"', [["x", 'c:\\\\d" e']]],
    ['x "a ""b"" c" ^"^"', [["x", 'a "b" c', ""]]],
  ])("%j is %j", (text, commands) => expect(splitCommands(text)).toEqual(commands));

  it("gives back any text that a browser put into its quotes", () => {
    for (const text of samples()) {
      const quoted = `^"${chrome(text)}^"`;
      // The browser doubles every backslash; the program halves them only before a quote.
      expect(splitCommands(`x ${quoted} y`)).toEqual([["x", text.replace(/\\/g, "\\\\"), "y"]]);
    }
  });
});

/** Quotes an argument as Chrome does for the Windows command prompt. */
const chrome = (text: string): string =>
  text
    .replace(/\\/g, "\\\\")
    .replace(/"/g, '\\"')
    .replace(/[^a-zA-Z0-9\s_\-:=+~'/.',?;()*`]/g, "^$&")
    .replace(/%(?=[a-zA-Z0-9_])/g, "%^")
    .replace(/\r?\n/g, "^\n\n");

/** Texts of characters with a meaning in shells, from a fixed sequence. */
function samples(): string[] {
  const signs = "ab1 '\"^%&|;<>()$`=:/,\n".split("");
  let state = 42;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  return Array.from({ length: 400 }, () =>
    Array.from({ length: 1 + next(14) }, () => signs[next(signs.length)]).join(""),
  );
}
