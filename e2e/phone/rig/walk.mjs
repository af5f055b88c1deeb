// A walk through the page from opening it to what the user wants: by keys and by mouse in a window of a desktop, by a
// finger and by keys on a phone, with axe in every view. Each view is looked at in light and in dark colours. Knows no
// view.
import assert from "node:assert/strict";
import { test } from "node:test";
import { colourScript } from "./colours.mjs";
import { Finger, Keys, Mouse } from "./input.mjs";
import { looksRight } from "./layout-checks.mjs";
import { bars, openPhone } from "./phone.mjs";

const ways = {
  "by keys at 1280x800": { screen: "wide", hand: Keys, dark: false },
  "by mouse at 1280x800": { screen: "wide", hand: Mouse, dark: true },
  "by keys at 390x844": { screen: "tall", hand: Keys, dark: true },
  "by touch at 390x844": { screen: "tall", hand: Finger, dark: false },
};

/**
 * One test for each way; `on` names the screens that have this flow, `by` the hands, where not all can do it. `go` gets the window, the hand that steers it, and
 * `seen`, which is called in each view.
 */
export function walk(name, { on = ["wide", "tall"], by = [Keys, Mouse, Finger], given, scripts = [] }, go) {
  for (const [way, { screen, hand, dark }] of Object.entries(ways)) {
    if (!on.includes(screen) || !by.includes(hand)) continue;
    test(`${name}, ${way}`, { timeout: 90_000 }, async () => {
      const all = [await colourScript(), ...scripts];
      const phone = await openPhone({ screen, dark, still: true, given, scripts: all });
      const { page } = phone;
      const at = new hand(page);
      const seen = async (what) => {
        await accessible(page, `${what}, ${way}`);
        if (hand === Finger) await looksRight(phone, `${what}, ${way}`, { insets: bars });
      };
      const wide = screen === "wide";
      try {
        await go({
          phone,
          page,
          hand: at,
          seen,
          wide,
          keys: hand === Keys,
          mouse: hand === Mouse,
          touch: hand === Finger,
        });
        assert.deepEqual(page.errors, []);
      } catch (error) {
        await phone.picture(`failed-${name}-${way}`.replaceAll(/\W+/g, "-")).catch(() => undefined);
        throw error;
      } finally {
        await page.close();
      }
    });
  }
}

/** Fails with each violation that axe finds: WCAG 2.2 A and AA, and its best practices. */
async function accessible(page, what) {
  await page.settled();
  const found = await page.run(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 200)}`),
    );
  });
  assert.deepEqual(found, [], `axe finds nothing on ${what}`);
}
