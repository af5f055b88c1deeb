// Runs in the measured page: reads the rows at every animation frame. Knows only that a row carries its id and its
// received bytes, and that the latter are the time of the change.

/** Interval between two changes of one running row, in microseconds; the simulated engine keeps to it. */
const BEAT = 100_000;

/** Injected into the page as text. `begun` in ms since 1970; `scroll` in pixels per frame. */
function probe(begun, scroll) {
  const rows = '[data-testid="download-row"]';
  const before = new Map();
  const found = { delays: [], gaps: [], updates: 0 };
  const first = document.querySelector(rows);
  let box = first?.parentElement;
  while (box && box.scrollHeight <= box.clientHeight) box = box.parentElement;
  const height = (box ?? document.scrollingElement).clientHeight;
  let last = performance.now();
  let way = scroll;
  window.probeEnds = () => {
    const { delays, gaps, updates } = found;
    window.probeEnds = undefined;
    return { delays, gaps, updates };
  };
  const look = () => {
    if (window.probeEnds === undefined) return;
    const now = performance.now();
    const wall = (Date.now() - begun) * 1000;
    found.gaps.push(now - last);
    last = now;
    let news = false;
    for (const row of document.querySelectorAll(rows)) {
      const at = Number(row.dataset.received);
      const was = before.get(row);
      if (was?.id === row.dataset.id && was.at !== at) {
        news = true;
        // All changes since the last rendered one reach the screen only now.
        const missed = Math.max(0, Math.round((at - was.at) / BEAT) - 1);
        const top = row.getBoundingClientRect();
        if (top.bottom > 0 && top.top < innerHeight && scroll === 0)
          for (let n = 0; n <= missed; n += 1) found.delays.push((wall - at + n * BEAT) / 1000);
      }
      before.set(row, { id: row.dataset.id, at });
    }
    if (news) found.updates += 1;
    if (way !== 0) {
      const top = box.scrollTop;
      box.scrollTop += way;
      if (box.scrollTop === top || box.scrollTop > 40 * height) way = -way;
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Starts sampling; ended by the next `probeEnds`. */
export const begin = (page, begun, scroll = 0) =>
  page.run(`const BEAT = ${BEAT}; (${probe.toString()})(arguments[0], arguments[1]);`, begun, scroll);

export const end = (page) => page.run("return window.probeEnds()");
