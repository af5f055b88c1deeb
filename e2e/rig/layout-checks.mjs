// Finds what a user could not see or reach: too wide for the page, or covered by something else. Knows no view.

/** Elements wider than the page, which could be reached only by scrolling sideways. */
export const tooWide = (page) =>
  page.run(`
    const clipped = (one) => one.closest("[role=grid], .tab-list, .visually-hidden, .shortcuts") !== null;
    return [...document.querySelectorAll("button, input, h1, h2, [role=tab]")]
      .filter((one) => one.checkVisibility() && !clipped(one))
      .filter((one) => {
        const { left, right, width } = one.getBoundingClientRect();
        return width > 1 && (left < -1 || right > innerWidth + 1);
      })
      .map((one) => one.outerHTML.slice(0, 120));
  `);

/** Elements that cover something that can be pressed or read; whether the page scrolls sideways. Topmost layer only. */
export const overlapping = (page) =>
  page.run(`
    const over = document.querySelector(".modal") ?? document.querySelector(".sheet") ?? document.body;
    const seen = (one) => {
      const { left, top, right, bottom } = one.getBoundingClientRect();
      const box = { left, top, right, bottom };
      for (let around = one.parentElement; around !== null; around = around.parentElement) {
        if (getComputedStyle(around).overflow === "visible") continue;
        const clip = around.getBoundingClientRect();
        box.left = Math.max(box.left, clip.left);
        box.top = Math.max(box.top, clip.top);
        box.right = Math.min(box.right, clip.right);
        box.bottom = Math.min(box.bottom, clip.bottom);
      }
      return box;
    };
    // What floats over the rest does so on purpose.
    const all = [...over.querySelectorAll("button, input, select, textarea, h1, h2, .name, .rest")]
      .filter((one) => one.checkVisibility() && one.closest(".visually-hidden, .add, .foot") === null)
      .map((one) => [one, seen(one)])
      .filter(([, { left, top, right, bottom }]) => right - left > 2 && bottom - top > 2);
    const found = [];
    for (const [at, [one, a]] of all.entries()) {
      for (const [other, b] of all.slice(at + 1)) {
        if (one.contains(other) || other.contains(one)) continue;
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 2 && down > 2) found.push(one.outerHTML.slice(0, 90) + " over " + other.outerHTML.slice(0, 90));
      }
    }
    const { scrollWidth } = document.documentElement;
    return scrollWidth > innerWidth ? [...found, "the page is " + scrollWidth + " wide"] : found;
  `);
