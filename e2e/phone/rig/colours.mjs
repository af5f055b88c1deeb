// Checks that the page has the selected colour scheme, and the contrast of all its text (axe's rule for it). Knows no
// view.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Script to run before the page's own. */
export const colourScript = () => readFile(axe, "utf8");

/** Fails with each text of low contrast, and if the page does not have the requested colour scheme. */
export async function coloursHold({ page, dark }, where) {
  const { behind, pale } = await page.run(async () => {
    const { violations } = await window.axe.run(document, {
      runOnly: ["color-contrast"],
      resultTypes: ["violations"],
    });
    const drawing = new OffscreenCanvas(1, 1).getContext("2d");
    drawing.fillStyle = getComputedStyle(document.body).backgroundColor;
    drawing.fillRect(0, 0, 1, 1);
    const pale = violations.flatMap(({ nodes }) =>
      nodes.map(({ html, any }) => `${any[0]?.message}: ${html.slice(0, 120)}`),
    );
    return { behind: Math.max(...drawing.getImageData(0, 0, 1, 1).data.slice(0, 3)), pale };
  });
  assert.deepEqual(pale, [], `${where}: too pale`);
  assert.ok(
    dark ? behind < 64 : behind > 192,
    `${where}: ${behind} of 255 behind all, ${dark ? "dark" : "light"}`,
  );
}
