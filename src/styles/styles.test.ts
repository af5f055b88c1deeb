// Accessibility and right-to-left rules of the styles, as far as their text shows them; the end-to-end tests check the
// rest in the real window.
import { describe, expect, it } from "vitest";

/** Every stylesheet, and the style of every component, without comments. */
const styles = Object.entries(
  import.meta.glob<string>("../**/*.{css,svelte}", { query: "?raw", import: "default", eager: true }),
).map(([path, text]): [string, string] => {
  const style = path.endsWith(".css") ? text : (/<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? "");
  return [path, style.replace(/\/\*[\s\S]*?\*\//g, "")];
});

/** Contents of the media query, and everything outside it. */
function parted(style: string, query: string): { within: string; outside: string } {
  let within = "";
  let outside = "";
  let rest = style;
  for (;;) {
    const at = rest.indexOf(`@media (${query})`);
    if (at < 0) return { within, outside: outside + rest };
    outside += rest.slice(0, at);
    let end = rest.indexOf("{", at) + 1;
    const begin = end;
    for (let depth = 1; depth > 0 && end < rest.length; end += 1) {
      if (rest[end] === "{") depth += 1;
      else if (rest[end] === "}") depth -= 1;
    }
    within += rest.slice(begin, end - 1);
    rest = rest.slice(end);
  }
}
const found = (style: string, what: RegExp): string[] => style.match(what) ?? [];
/** Matches by file; files without any are omitted. */
const all = (of: (style: string) => string[]): Record<string, string[]> =>
  Object.fromEntries(
    styles
      .map(([path, style]): [string, string[]] => [path, of(style)])
      .filter(([, some]) => some.length > 0),
  );

describe("the styles", () => {
  it("let nothing move for whoever wants it still", () => {
    const moving = all((style) => {
      const { outside } = parted(style, "prefers-reduced-motion: no-preference");
      const { within, outside: always } = parted(outside, "prefers-reduced-motion: reduce");
      const moves = found(always, /(?<=[\s;])(animation|transition):[^;]+/g);
      return moves.filter((one) => {
        const [property = ""] = one.split(":");
        return !one.includes("var(--duration)") && !within.includes(`${property}: none`);
      });
    });
    expect(moving).toEqual({});
    const tokens = styles.find(([path]) => path.endsWith("tokens.css"))?.[1] ?? "";
    expect(parted(tokens, "prefers-reduced-motion: reduce").within).toContain("--duration: 0ms");
  });

  it("show in forced colours what they otherwise show by a background", () => {
    const silent = all((style) => {
      const { within, outside } = parted(style, "forced-colors: active");
      const own = outside.includes("forced-color-adjust: none") && !within.includes("Canvas");
      const drawn = found(
        outside,
        /(?<=\n\s*)\.\w+::(?:before|after)(?=[^{}]*\{[^}]*[\s;]background(-color)?: var)/g,
      );
      return [
        ...(own ? ["forced-color-adjust"] : []),
        ...drawn.filter((selector) => !within.includes(selector)),
      ];
    });
    expect(silent).toEqual({});
    const base = styles.find(([path]) => path.endsWith("base.css"))?.[1] ?? "";
    const { within } = parted(base, "forced-colors: active");
    for (const state of ["[data-highlighted]", '[aria-pressed="true"]', '[aria-selected="true"]']) {
      expect(within).toContain(state);
    }
  });

  it("know no left and no right but where time or a picture has them", () => {
    const sided = all((whole) => {
      // Safe-area insets are physical by definition.
      const style = whole.replace(/(env\(safe-area|var\(-)-inset-(left|right)/g, "");
      return [
        ...found(style, /(margin|padding|border|inset)-(left|right)\b|text-align: (left|right)/g),
        ...found(style, /(?:^|[\s;{])(?:left|right): (?!50%)[^;]+/g),
        // In a shorthand of four values the second is right and the fourth is left.
        ...found(style, /(?:margin|padding): [^;]+/g).filter((one) => {
          const sides = one.slice(one.indexOf(":") + 1).match(/\w+\((?:[^()]|\([^()]*\))*\)|[^\s()]+/g) ?? [];
          return sides.length === 4 && sides[1] !== sides[3];
        }),
      ];
    });
    expect(Object.keys(sided)).toEqual(["../components/Chart.svelte"]);
  });

  it("take every colour from the tokens", () => {
    const own = all((style) =>
      style.includes("--bg: light-dark")
        ? []
        : found(style.replace(/url\([^)]*\)/g, ""), /#[0-9a-f]{3,8}\b|\b(rgb|hsl)a?\(/gi),
    );
    expect(own).toEqual({});
  });
});
