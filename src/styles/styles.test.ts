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

  it("have the contrast that the eye needs, in both themes", () => {
    const tokens = styles.find(([path]) => path.endsWith("tokens.css"))?.[1] ?? "";
    const short: string[] = [];
    for (const theme of [0, 1] as const) {
      const least = (one: string, other: string, ratio: number): void => {
        const got = contrast(tokenColour(tokens, one, theme), tokenColour(tokens, other, theme));
        if (got < ratio)
          short.push(`${theme === 0 ? "light" : "dark"}: ${one} on ${other} ${got.toFixed(2)}`);
      };
      for (const text of ["text", "text-2", "text-3", "accent-text", "warn", "success", "error"])
        for (const ground of ["bg", "surface", "surface-raised", "selected"]) least(text, ground, 4.5);
      least("on-primary", "primary", 4.5);
      // WCAG 1.4.11: what shows that there is a control, and in which state it is.
      for (const ground of ["bg", "surface", "surface-raised"]) least("border-field", ground, 3);
      least("knob", "border-field", 3);
      least("on-primary", "primary", 3);
      for (const tone of ["accent", "warn", "success", "error"]) least(tone, "progress-track", 3);
      least("progress-track", "surface", 1.6);
      least("selected", "surface", 1.3);
    }
    expect(short).toEqual([]);
  });

  it("show a paused bar by more than its colour", () => {
    const bar = styles.find(([path]) => path.endsWith("ProgressBar.svelte"))?.[1] ?? "";
    expect(/\.paused \.fill \{[^}]*repeating-linear-gradient/.test(bar)).toBe(true);
  });

  it("draw no Chinese text heavier than its fonts are", () => {
    const literal = all((style) => found(style, /(?:font-weight|font): (?:bold|[6-9]\d\d|5[1-9]\d)[^;]*/g));
    expect(literal).toEqual({});
    const tokens = styles.find(([path]) => path.endsWith("tokens.css"))?.[1] ?? "";
    const chinese = /:root:lang\(zh\) \{([^}]*)\}/.exec(tokens)?.[1] ?? "";
    const heavy = found(tokens, /--font-weight-[a-z]+: (?:5[1-9]|[6-9]\d)\d/g);
    expect(heavy.length).toBeGreaterThan(0);
    for (const weight of heavy) expect(chinese).toContain(`${weight.split(":")[0] ?? ""}: 500`);
  });

  it("state every font size in rem, or by a token that does, so that the system's text size holds", () => {
    const fixed = all((style) => [
      ...found(style, /(?:--font-size-[a-z]+|font-size|font):[^;{]*?[\d.]+px[^;]*/g),
    ]);
    expect(fixed).toEqual({});
  });
});

/** The colour of a token in a theme: 0 is light, 1 is dark. */
function tokenColour(tokens: string, name: string, theme: 0 | 1): string {
  const pair = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(tokens);
  return pair?.[theme + 1] ?? expect.fail(`no token ${name}`);
}

/** Relative luminance by WCAG 2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
