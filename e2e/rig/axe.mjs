// Accessibility check with axe. Knows nothing of the views.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const source = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Waits until nothing fades or slides, two seconds at most: a half-faded element has half the contrast. */
const settled = `
  const done = arguments[arguments.length - 1];
  const ends = document.getAnimations()
    .filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime))
    .map((one) => one.finished.catch(() => {}));
  const late = new Promise((end) => setTimeout(end, 2000));
  Promise.race([Promise.all(ends), late]).then(() => setTimeout(done, 20));
`;

/**
 * Fails with each violation and where it is; `what` names the view. Rules: WCAG 2.2 A and AA, and axe's best practices.
 */
export async function accessible(page, what) {
  if (!(await page.run("return 'axe' in window"))) await page.run(await readFile(source, "utf8"));
  await page.runAsync(settled);
  const found = await page.runAsync(`
    const done = arguments[arguments.length - 1];
    axe.run(document, { resultTypes: ["violations"] }).then(
      ({ violations }) =>
        done(violations.flatMap(({ id, help, nodes }) => nodes.map((node) => id + ": " + help + ": " + node.html.slice(0, 200)))),
      (error) => done(["axe itself: " + error]),
    );
  `);
  assert.deepEqual(found, [], `axe finds nothing on ${what}`);
}
