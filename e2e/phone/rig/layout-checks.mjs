// Finds what a phone user could not see, read, reach or hit on the topmost layer. Each function runs in the page and
// returns sentences. Knows no view, except which texts may be truncated because they are shown in full elsewhere.
import assert from "node:assert/strict";

/** Minimum touch target in CSS pixels (`--touch-target` of `src/styles/tokens.css`). */
const touch = 44;

/**
 * Names of files, folders and hosts, reasons of failures, what a download waits for, tags, and the values of a closed group
 * of properties: the details or the open group show them in full.
 */
const mayEnd = [
  ".name",
  ".rest",
  ".fact:only-child",
  ".reason",
  ".where",
  ".link span",
  ".folders span",
  ".host",
  ".tag",
  ".summary",
  ".toast strong",
  ".details h2",
  ".modal-title",
  "input",
  "textarea",
  "select",
  ".log",
  ".events",
].join();

/** Fails with everything wrong with the current screen. */
export async function looksRight(phone, where, { keyboard = 0, insets }) {
  await phone.page.settled();
  const { width, height } = phone;
  const safe = { top: insets.top, bottom: height - Math.max(insets.bottom, keyboard) };
  const given = { touch, mayEnd, width, safe };
  const found = [
    ...(await phone.page.run(sideways, given)),
    ...(await phone.page.run(unreachable, given)),
    ...(await phone.page.run(unreadable, given)),
    ...phone.page.errors.map((error) => `the page says: ${error}`),
  ].slice(0, 12);
  assert.deepEqual(found, [], where);
}

/** Elements that scroll sideways or extend beyond the page. */
function sideways({ width }) {
  const found = [];
  const name = (one) => one.cloneNode(false).outerHTML.slice(0, 110);
  if (document.documentElement.scrollWidth > width || scrollX !== 0) found.push("the page scrolls sideways");
  for (const one of document.body.querySelectorAll("*")) {
    if (!one.checkVisibility({ visibilityProperty: true })) continue;
    const { overflowX } = getComputedStyle(one);
    const wider = one.scrollWidth > one.clientWidth + 1;
    if (
      wider &&
      /auto|scroll/.test(overflowX) &&
      !one.matches(".tab-list, .chips, input, textarea, .log, .log *")
    )
      found.push(`scrolls sideways: ${name(one)}`);
    const { left, right } = one.getBoundingClientRect();
    const clipped = one.closest(".tab-list, .chips, .visually-hidden, .log, svg") !== null;
    const out = ({ left, right }) => left < -1 || right > width + 1;
    if (!clipped && out({ left, right }) && !out(one.parentElement.getBoundingClientRect()))
      found.push(`stands out of the page: ${name(one)}`);
  }
  return found;
}

/** Controls below the system's bars or the keyboard, covered by something else, or smaller than a touch target. */
function unreachable({ touch, safe }) {
  const found = [];
  const name = (one) =>
    `${one.dataset.testid ?? ""} ${one.textContent.trim().slice(0, 30)} ${one.cloneNode(false).outerHTML.slice(0, 90)}`;
  const layer = [...document.querySelectorAll(".menu, .modal, .sheet")].findLast((one) =>
    one.checkVisibility(),
  );
  const over = layer?.matches(".menu") ? layer : (document.querySelector(".modal") ?? layer ?? document.body);
  const controls = [
    ...over.querySelectorAll("button, input, select, textarea, summary, [role=tab], [role^=menuitem]"),
  ];
  const scrolled = [...over.querySelectorAll("*"), over]
    .filter((one) => one.scrollTop > 0)
    .map((one) => [one, one.scrollTop]);
  for (const one of controls) {
    if (
      !one.checkVisibility({ visibilityProperty: true }) ||
      one.closest("[inert], .visually-hidden") !== null
    )
      continue;
    if (one.disabled) continue;
    const target =
      one.matches("[type=checkbox], [type=radio]") && one.labels[0]?.contains(one) ? one.labels[0] : one;
    let wrong = "";
    // An element half below an edge or a floating element can be scrolled into view.
    for (const block of ["nearest", "center"]) {
      one.scrollIntoView({ block, inline: "nearest" });
      const box = target.getBoundingClientRect();
      const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
      const hits = (dx, dy) => {
        const hit = document.elementFromPoint(x + dx, y + dy);
        if (hit === null) return false;
        // Toasts disappear by themselves.
        if (hit.closest(".toast") !== null && one.closest(".toast") === null) return true;
        return target.contains(hit) || one.contains(hit) || hit.closest("label")?.control === one;
      };
      const half = touch / 2 - 0.75;
      const [wide, high] = [Math.round(box.width), Math.round(box.height)];
      // An element higher than the safe area only has to be visible in part.
      const fits = box.height < safe.bottom - safe.top;
      if (fits && (box.top < safe.top - 0.5 || box.bottom > safe.bottom + 0.5))
        wrong = `under a bar or the keyboard (${Math.round(box.top)} to ${Math.round(box.bottom)})`;
      else if (fits && !hits(0, 0))
        wrong = `under something else (${document.elementFromPoint(x, y)?.cloneNode(false).outerHTML.slice(0, 60)})`;
      else if (box.width < touch - 0.5 && !(hits(-half, 0) && hits(half, 0)))
        wrong = `${wide} wide, too small for a finger`;
      else if (box.height < touch - 0.5 && !(hits(0, -half) && hits(0, half)))
        wrong = `${high} high, too small for a finger`;
      else wrong = "";
      if (wrong === "") break;
    }
    if (wrong !== "") found.push(`${wrong}: ${name(one)}`);
  }
  for (const one of over.querySelectorAll("*")) one.scrollTop &&= 0;
  for (const [one, top] of scrolled) one.scrollTop = top;
  return found;
}

/** Texts that are truncated, extend beyond their button, or overlap other texts. */
function unreadable({ mayEnd, safe }) {
  const found = [];
  const texts = [];
  const say = (node) =>
    `“${node.data.trim().slice(0, 40)}” in ${node.parentElement.cloneNode(false).outerHTML.slice(0, 80)}`;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const of = node.parentElement;
    if (
      node.data.trim() === "" ||
      of.closest("script, style, .visually-hidden, textarea, option, svg") !== null
    )
      continue;
    if (!of.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()].filter(({ width, height }) => width > 1 && height > 1);
    const ends = of.closest(mayEnd) !== null;
    for (const line of lines) {
      const box = { left: line.left, top: line.top, right: line.right, bottom: line.bottom };
      let cut = false;
      // Content of a scroll container can be scrolled into view.
      const scrolls = { x: false, y: false };
      for (let around = of; around !== null && around !== document.body; around = around.parentElement) {
        const style = getComputedStyle(around);
        const clip = around.getBoundingClientRect();
        const clips = (value) => value === "hidden" || value === "clip";
        // Tolerates a part of the line box that holds no glyphs.
        const slack = Math.max(1, (line.bottom - line.top) * 0.2);
        if (
          !scrolls.x &&
          clips(style.overflowX) &&
          (line.right > clip.right + 1 || line.left < clip.left - 1) &&
          !ends
        )
          cut = true;
        // Tags that have no room are left out whole.
        const dropped = of.matches(".tag") && line.top >= clip.bottom - 1;
        if (
          !scrolls.y &&
          !dropped &&
          clips(style.overflowY) &&
          (line.bottom > clip.bottom + slack || line.top < clip.top - slack)
        )
          cut = true;
        const button = around.matches("button, select, .row, .toast, header, nav");
        const inner = around.matches(".row, header, nav") ? slack : 1;
        if (button && !ends && (line.right > clip.right + 1 || line.left < clip.left - 1)) cut = true;
        if (button && (line.bottom > clip.bottom + inner || line.top < clip.top - inner)) cut = true;
        scrolls.x ||= style.overflowX === "auto";
        scrolls.y ||= style.overflowY === "auto";
        if (style.overflowX !== "visible" || style.overflowY !== "visible") {
          box.left = Math.max(box.left, clip.left);
          box.right = Math.min(box.right, clip.right);
          box.top = Math.max(box.top, clip.top);
          box.bottom = Math.min(box.bottom, clip.bottom);
        }
      }
      const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
      const hit =
        box.right - box.left > 1 && box.bottom - box.top > 1 ? document.elementFromPoint(x, y) : null;
      const seen = hit !== null && (hit.contains(of) || of.contains(hit));
      if (
        cut &&
        (seen || hit === null) &&
        line.top < safe.bottom &&
        line.bottom > safe.top &&
        !of.closest("[inert]")
      ) {
        const scroller = of.closest(".list, .modal, .body, .tab-panel, .frame, .log");
        const view = scroller?.getBoundingClientRect();
        if (view === undefined || (line.bottom > view.top && line.top < view.bottom))
          found.push(`cut off: ${say(node)}`);
      }
      if (seen) texts.push({ node, box });
    }
  }
  for (const [at, one] of texts.entries()) {
    for (const other of texts.slice(at + 1)) {
      // Floating elements overlap the rest on purpose.
      const layer = ({ node }) => node.parentElement.closest(".menu, .toast, .modal-head, .modal, .sheet");
      if (one.node === other.node || layer(one) !== layer(other)) continue;
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      const high = Math.min(one.box.bottom - one.box.top, other.box.bottom - other.box.top);
      // Line boxes may overlap slightly; glyphs may not.
      if (across > 2 && down > high * 0.3) found.push(`${say(one.node)} lies on ${say(other.node)}`);
    }
  }
  return [...new Set(found)];
}

/** Moves the focus with Tab and fails where it is not visible. */
export async function focusIsSeen(phone, where, steps) {
  for (let step = 0; step < steps; step += 1) {
    await phone.page.press("Tab");
    const wrong = await phone.page.run(() => {
      const one = document.activeElement;
      if (one === null || one === document.body) return null;
      const name = one.cloneNode(false).outerHTML.slice(0, 120);
      const ring = (of) => {
        const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(of);
        return (
          outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !/, 0\)$|transparent/.test(outlineColor)
        );
      };
      if (
        ![one, one.parentElement, one.querySelector(":scope > .cursor")].some((of) => of !== null && ring(of))
      )
        return `no ring around ${name}`;
      const { left, right, top, bottom } = one.getBoundingClientRect();
      const hit = document.elementFromPoint(
        (left + right) / 2,
        (Math.max(0, top) + Math.min(innerHeight, bottom)) / 2,
      );
      return hit !== null && (one.contains(hit) || hit.contains(one)) ? null : `not in sight: ${name}`;
    });
    assert.equal(wrong, null, `${where}, after ${step + 1} steps`);
  }
}
