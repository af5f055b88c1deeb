// One page, usually on a phone: size, insets, touch, back navigation. Knows the DevTools protocol; knows no view.
import { setTimeout as sleep } from "node:timers/promises";

/** Polls `look` until it returns something truthy, which is returned. Fails with `what` after the timeout. */
export async function eventually(what, look, milliseconds = 30_000) {
  const end = Date.now() + milliseconds;
  let last;
  for (;;) {
    try {
      const found = await look();
      if (found) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`not within ${milliseconds} ms: ${what}`, { cause: last });
    await sleep(25);
  }
}

export class Page {
  #browser;
  #context;
  #session;
  #width;
  #height;
  #mobile;
  /** Exceptions of the page, and errors that it wrote to the console. */
  errors = [];

  /** Without `mobile` a window of a desktop: no touch, no insets. */
  static async open(browser, { url, scripts, width, height, insets, dark, still = false, mobile = true }) {
    const { browserContextId } = await browser.send("Target.createBrowserContext");
    const { targetId } = await browser.send("Target.createTarget", { url: "about:blank", browserContextId });
    const { sessionId } = await browser.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(browser, browserContextId, sessionId, mobile);
    browser.listen(sessionId, page.#hear);
    await Promise.all([page.send("Page.enable"), page.send("Runtime.enable")]);
    await browser.send("Browser.grantPermissions", {
      permissions: ["clipboardReadWrite", "clipboardSanitizedWrite"],
      browserContextId,
    });
    await page.fit(width, height);
    if (mobile) await page.send("Emulation.setTouchEmulationEnabled", { enabled: true, maxTouchPoints: 5 });
    await page.inset(insets);
    await page.send("Emulation.setFocusEmulationEnabled", { enabled: true });
    await page.send("Emulation.setEmulatedMedia", {
      features: [
        { name: "prefers-color-scheme", value: dark ? "dark" : "light" },
        { name: "prefers-reduced-motion", value: still ? "reduce" : "no-preference" },
      ],
    });
    for (const source of scripts) await page.send("Page.addScriptToEvaluateOnNewDocument", { source });
    await page.send("Page.navigate", { url });
    return page;
  }

  constructor(browser, context, session, mobile) {
    this.#mobile = mobile;
    this.#browser = browser;
    this.#context = context;
    this.#session = session;
  }

  send(method, params) {
    return this.#browser.send(method, params, this.#session);
  }

  #hear = (method, params) => {
    if (method === "Runtime.exceptionThrown") {
      const { exception, text } = params.exceptionDetails;
      this.errors.push(exception?.description ?? text);
    } else if (method === "Runtime.consoleAPICalled" && params.type === "error") {
      this.errors.push(params.args.map((one) => one.value ?? one.description).join(" "));
    }
  };

  /** Sets the screen size, with a device pixel ratio of 2. */
  async fit(width, height) {
    [this.#width, this.#height] = [width, height];
    const size = { width, height, screenWidth: width, screenHeight: height };
    await this.send("Emulation.setDeviceMetricsOverride", {
      ...size,
      deviceScaleFactor: 2,
      mobile: this.#mobile,
    });
  }

  /** Sets the safe area insets as a current WebView reports them: `env(safe-area-inset-*)`. */
  inset({ top = 0, right = 0, bottom = 0, left = 0 } = {}) {
    return this.send("Emulation.setSafeAreaInsetsOverride", { insets: { top, right, bottom, left } });
  }

  /** Calls a function in the page with these values and returns its result. */
  async run(act, ...values) {
    const expression = `(${act})(...${JSON.stringify(values)})`;
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", options);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Centre of the first visible element for a selector, once it has stopped moving and nothing covers it. */
  at(css) {
    return eventually(`${css} can be touched`, () => this.run(place, css));
  }

  shown(css) {
    return this.run(
      (one) => [...document.querySelectorAll(one)].some((found) => found.checkVisibility()),
      css,
    );
  }

  find(css) {
    return eventually(`${css} is shown`, () => this.shown(css));
  }

  gone(css) {
    return eventually(`${css} is gone`, async () => !(await this.shown(css)));
  }

  async #touch(type, points) {
    const touchPoints = points.map(([x, y], id) => ({ x, y, id }));
    await this.send("Input.dispatchTouchEvent", { type, touchPoints });
  }

  /** Both events are sent without waiting in between: on a busy machine the delay would make it a long press. */
  async tapAt(point) {
    await Promise.all([this.#touch("touchStart", [point]), this.#touch("touchEnd", [])]);
  }

  async tap(css) {
    await this.tapAt(await this.at(css));
  }

  /** Touches until `until` is shown. */
  async hold(css, until) {
    await this.#touch("touchStart", [await this.at(css)]);
    await this.find(until);
    await this.#touch("touchEnd", []);
  }

  /** Moves a touch over these points. */
  async swipe([first, ...others]) {
    await this.#touch("touchStart", [first]);
    for (const point of others) {
      await this.#touch("touchMove", [point]);
      await this.run(() => new Promise((done) => requestAnimationFrame(done)));
    }
    await this.#touch("touchEnd", []);
  }

  /** Inserts text as an on-screen keyboard does: without key events. */
  write(text) {
    return this.send("Input.insertText", { text });
  }

  /** Pastes from the clipboard at the focus. */
  async paste(text) {
    await this.run((words) => navigator.clipboard.writeText(words), text);
    await this.press("v", { commands: ["paste"] });
  }

  async press(key, more = {}) {
    const code = { Tab: 9, Enter: 13, Escape: 27 }[key];
    const common = { key, code: key, windowsVirtualKeyCode: code, ...more };
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", ...common });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", key, code: key, windowsVirtualKeyCode: code });
  }

  /**
   * Goes back as WebView's `goBack` does. Returns false and does nothing when there is no history entry to go back to:
   * then the app would be left.
   */
  async back() {
    const { currentIndex, entries } = await this.send("Page.getNavigationHistory");
    const before = entries[currentIndex - 1];
    if (before === undefined || before.url === "about:blank") return false;
    const gone = this.run(
      () => new Promise((done) => addEventListener("popstate", () => done(), { once: true })),
    );
    await this.send("Page.navigateToHistoryEntry", { entryId: before.id });
    await gone;
    // Chromium drops touches until the page is painted again.
    await this.run(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    return true;
  }

  /** Waits until all animations have finished. */
  async settled() {
    await eventually("nothing moves", () =>
      this.run(() => {
        const ends = (one) => Number.isFinite(one.effect?.getComputedTiming().endTime);
        return document
          .getAnimations()
          .filter(ends)
          .every((one) => one.playState === "finished");
      }),
    );
    await this.run(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }

  async picture() {
    const clip = { x: 0, y: 0, width: this.#width, height: this.#height, scale: 0.75 };
    const { data } = await this.send("Page.captureScreenshot", {
      format: "png",
      clip,
      optimizeForSpeed: true,
    });
    return Buffer.from(data, "base64");
  }

  close() {
    return this.#browser.send("Target.disposeBrowserContext", { browserContextId: this.#context });
  }
}

/**
 * Runs in the page: where a touch hits the element; null while it moves or is covered. An animation of the element or
 * of what holds it counts as a move: on a busy machine its first position can stay for several frames.
 */
async function place(css) {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const found = [...document.querySelectorAll(css)].find((one) => one.checkVisibility());
  if (found === undefined) return null;
  const animated = () =>
    document.getAnimations().some(({ effect, playState }) => {
      const ends = Number.isFinite(effect?.getComputedTiming().endTime);
      return ends && playState === "running" && effect.target?.contains(found);
    });
  const box = () => found.getBoundingClientRect();
  const middle = () => {
    const { left, top, width, height } = box();
    return [left + width / 2, top + height / 2];
  };
  const met = () => {
    const hit = document.elementFromPoint(...middle());
    // What holds everything is also behind what is scrolled out of sight: only what is near counts.
    const near = found.closest("button, label, [role=row], li") ?? found.parentElement;
    return hit !== null && (found.contains(hit) || (hit.contains(found) && near.contains(hit)));
  };
  if (animated()) return null;
  if (!met()) found.scrollIntoView({ block: "center", inline: "nearest" });
  const before = box();
  await frame();
  await frame();
  const { left, top } = box();
  return before.left === left && before.top === top && !animated() && met() ? middle() : null;
}
