// A test of the phone layout with a page of its own, and what the tests share: touches that need patience, and rows. Knows
// no flow.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "./page.mjs";
import { openPhone } from "./phone.mjs";

/** A test with its own window, closed at its end; an error on the page fails it. */
export function flow(name, options, walk) {
  test(name, { timeout: 120_000 }, async () => {
    const phone = await openPhone(options);
    try {
      await walk(phone, phone.page);
      assert.deepEqual(phone.page.errors, []);
    } catch (error) {
      await phone.picture(`failed-${name.replaceAll(/\W+/g, "-")}`).catch(() => undefined);
      throw error;
    } finally {
      await phone.page.close();
    }
  });
}

/**
 * Taps until this is shown: for a moment after a swipe, Chromium takes a touch for the end of its movement, and reports no
 * tap.
 */
export const tapUntil = (page, css, shown) =>
  eventually(`a tap on ${css} shows ${shown}`, async () => {
    if (await page.shown(shown)) return true;
    if (await page.shown(css)) await page.tap(css);
    return page.shown(shown);
  });

/** The points of a swipe to the right by `by` pixels, or to the left. */
export const across = ([x, y], by) => [0, 0.2, 0.5, 0.8, 1].map((part) => [x + by * part, y]);

export const running = {
  name: "film.mkv",
  phase: "running",
  total: 80_000_000,
  received: 20_000_000,
  speed: 4_000_000,
};
export const paused = { name: "notes.pdf", phase: "paused", total: 8_000_000, received: 2_000_000 };
export const done = {
  name: "song.flac",
  phase: "done",
  total: 9_000_000,
  received: 9_000_000,
  finishedAt: 1,
};
export const lost = {
  name: "map.tiff",
  phase: "failed",
  problem: { code: "not-found", host: "maps.example" },
  fix: "new-link",
};
export const busy = {
  name: "report.zip",
  phase: "waiting",
  problem: { code: "server-error", host: "busy.example", status: 503, retryAfter: null },
  waitUntil: Date.now() + 600_000,
  attempts: 2,
};
