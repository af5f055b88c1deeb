// A minimal client of the classic WebDriver protocol (W3C), as much of it as the tests need. Knows WebKitWebDriver's
// capability names; knows nothing of the page.
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { start } from "./processes.mjs";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const KEYS = {
  Escape: "\uE00C",
  Enter: "\uE007",
  Tab: "\uE004",
  Delete: "\uE017",
  Space: " ",
  Home: "\uE011",
  End: "\uE010",
  ArrowLeft: "\uE012",
  ArrowUp: "\uE013",
  ArrowRight: "\uE014",
  ArrowDown: "\uE015",
  F1: "\uE031",
  F2: "\uE032",
  F6: "\uE036",
  F10: "\uE03A",
  Shift: "\uE008",
  Control: "\uE009",
  Alt: "\uE00A",
};

/** Starts WebKitWebDriver, which starts `binary`, and returns the session. */
export async function openSession({ binary, args = [], env }) {
  const port = await freePort();
  const driver = start("WebKitWebDriver", ["--host=127.0.0.1", `--port=${port}`], {
    // Without these two WebKitGTK does not allow automation, and Tauri does not expose its window to the driver.
    env: { ...env, TAURI_AUTOMATION: "true", TAURI_WEBVIEW_AUTOMATION: "true" },
  });
  const base = `http://127.0.0.1:${port}`;
  try {
    await ready(base, driver);
    const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": { binary, args } } };
    const { sessionId } = await call("POST", `${base}/session`, { capabilities }, 60_000);
    return new Session(`${base}/session/${sessionId}`, driver);
  } catch (error) {
    await driver.stop();
    throw error;
  }
}

class Session {
  #url;
  #driver;

  constructor(url, driver) {
    this.#url = url;
    this.#driver = driver;
  }

  #post(path, body = {}) {
    return call("POST", this.#url + path, body);
  }

  #get(path) {
    return call("GET", this.#url + path);
  }

  /** All elements for a CSS selector, as opaque ids. */
  async all(css) {
    const found = await this.#post("/elements", { using: "css selector", value: css });
    return found.map((element) => element[ELEMENT]);
  }

  /** The first visible element for a CSS selector, once there is one. */
  async find(css, milliseconds = 10_000) {
    return eventually(`${css} is shown`, milliseconds, async () => {
      for (const id of await this.all(css)) {
        if (await this.#displayed(id)) return id;
      }
      return null;
    });
  }

  /** A real click in the centre of the element; retries while something covers it. */
  async click(css, milliseconds = 10_000) {
    return eventually(`${css} takes a click`, milliseconds, async () => {
      const id = await this.find(css, milliseconds);
      await this.runAsync(RESTING, css);
      await this.#post(`/element/${id}/click`);
      return true;
    });
  }

  /** Empties a field and types into it key by key; retries while the field is still moving. */
  async type(css, text, milliseconds = 10_000) {
    return eventually(`${css} takes a text`, milliseconds, async () => {
      const id = await this.find(css, milliseconds);
      await this.#post(`/element/${id}/clear`);
      if (text !== "") await this.#post(`/element/${id}/value`, { text });
      return true;
    });
  }

  /** Presses one key at the focus, or several together: `Control+Shift+p`. */
  press(keys) {
    const values = keys.split("+").map((key) => KEYS[key] ?? key);
    const actions = [
      ...values.map((value) => ({ type: "keyDown", value })),
      ...values.toReversed().map((value) => ({ type: "keyUp", value })),
    ];
    return this.#post("/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  /** Types text at the focus. */
  async write(text) {
    for (const letter of text) await this.press(letter === "+" ? "Shift+=" : letter);
  }

  /** Moves the pointer over these points with its button held, after holding it at the first for `still` ms. */
  drag(points, { still = 0, button = 0 } = {}) {
    return this.#point("mouse", points, { still, button });
  }

  /** The same with touch; see `touch.mjs` for how it is emulated. */
  touch(points, { still = 0 } = {}) {
    return this.#point("touch", points, { still, button: 0 });
  }

  /** A short touch in the centre of the element, once it has stopped moving and nothing covers it. */
  async tap(css, milliseconds = 10_000) {
    let last = null;
    const at = await eventually(`${css} takes a tap`, milliseconds, async () => {
      const [x, y] = await this.at(css);
      const rests = last !== null && last[0] === x && last[1] === y;
      last = [x, y];
      const hit =
        "return document.elementFromPoint(arguments[0], arguments[1])?.closest(arguments[2]) != null";
      return rests && (await this.run(hit, x, y, css)) ? last : null;
    });
    await this.touch([at]);
  }

  /** Scrolls what is under the centre of the element, in pixels. */
  async scroll(css, down) {
    const [x, y] = (await this.at(css)).map(Math.round);
    const move = { type: "scroll", x, y, deltaX: 0, deltaY: down, duration: 0, origin: "viewport" };
    await this.#post("/actions", { actions: [{ type: "wheel", id: "wheel", actions: [move] }] });
  }

  async #point(pointerType, points, { still, button }) {
    const [first, ...rest] = points;
    const move = ([x, y], duration) => ({
      type: "pointerMove",
      x: Math.round(x),
      y: Math.round(y),
      duration,
      origin: "viewport",
    });
    const actions = [
      move(first, 0),
      { type: "pointerDown", button },
      ...(still > 0 ? [{ type: "pause", duration: still }] : []),
      ...rest.map((point) => move(point, 120)),
      { type: "pointerUp", button },
    ];
    const pointer = { type: "pointer", id: pointerType, parameters: { pointerType }, actions };
    await this.#post("/actions", { actions: [pointer] });
  }

  /** The centre of an element, or a point in it by fractions of its width and height. */
  async at(css, [across, down] = [0.5, 0.5]) {
    const element = await this.find(css);
    const box = await this.run(
      "const { x, y, width, height } = arguments[0].getBoundingClientRect(); return { x, y, width, height }",
      { [ELEMENT]: element },
    );
    return [box.x + box.width * across, box.y + box.height * down];
  }

  /** Asks the page itself: WebKitWebDriver reports text with an ellipsis as not displayed. */
  #displayed(id) {
    return this.run(
      "const [one] = arguments; return one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0",
      { [ELEMENT]: id },
    );
  }

  async text(css) {
    return this.run("return arguments[0].innerText", { [ELEMENT]: await this.find(css) });
  }

  /** Runs a function body in the page; `args` are its `arguments`. */
  run(body, ...args) {
    return this.#post("/execute/sync", { script: body, args });
  }

  /** The same for a body that ends by calling its last argument. */
  runAsync(body, ...args) {
    return this.#post("/execute/async", { script: body, args });
  }

  /** All windows, as opaque ids. */
  windows() {
    return this.#get("/window/handles");
  }

  /** Switches to this window. */
  turnTo(window) {
    return this.#post("/window", { handle: window });
  }

  reload() {
    return this.#post("/refresh");
  }

  go(url) {
    return this.#post("/url", { url });
  }

  resize(width, height) {
    return this.#post("/window/rect", { width, height });
  }

  rect() {
    return this.#get("/window/rect");
  }

  /** Resizes the page, and waits for transitions of the layout. */
  async fit(width, height) {
    await this.resize(width, height);
    await eventually(`the page is ${width}x${height}`, 5000, async () => {
      const size = await this.run("return innerWidth + 'x' + innerHeight");
      if (size !== `${width}x${height}`) throw new Error(size);
      return true;
    });
    await sleep(600);
  }

  /** A PNG of the page as a buffer. */
  async screenshot() {
    // WebKitGTK takes the picture with the next frame, and an idle page has none for many seconds.
    await this.run(`
      const style = document.documentElement.style;
      const until = Date.now() + 2000;
      const turn = () => {
        if (Date.now() > until) return style.removeProperty("outline-offset");
        style.outlineOffset = (Date.now() % 7) + "px";
        requestAnimationFrame(turn);
      };
      turn();
    `);
    return Buffer.from(await this.#get("/screenshot"), "base64");
  }

  /** Ends the session and with it the application. */
  async close() {
    try {
      await call("DELETE", this.#url, undefined, 5000);
    } catch {
      // The application may have ended already, as some tests do on purpose.
    }
    await this.#driver.stop();
  }
}

/** Polls until `probe` returns something other than null or false; errors of the page meanwhile are ignored. */
export async function eventually(what, milliseconds, probe) {
  const until = Date.now() + milliseconds;
  let last = "no";
  for (;;) {
    try {
      const value = await probe();
      if (value !== null && value !== false && value !== undefined) return value;
    } catch (error) {
      last = error.message;
    }
    if (Date.now() > until) throw new Error(`not within ${milliseconds} ms: ${what} (${last})`);
    await sleep(50);
  }
}

async function call(method, url, body, milliseconds = 30_000) {
  const answer = await fetch(url, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: { "content-type": "application/json; charset=utf-8" },
    signal: AbortSignal.timeout(milliseconds),
  });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`webdriver: ${value.error}: ${value.message}`);
  return value;
}

async function ready(base, driver) {
  let dead = null;
  driver.ended.then((why) => (dead = why));
  await eventually("WebKitWebDriver answers", 10_000, async () => {
    if (dead) throw new Error(`WebKitWebDriver ${dead}: ${driver.lines.join(" | ")}`);
    return (await call("GET", `${base}/status`, undefined, 2000)).ready;
  });
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Waits until the element has stopped moving, five seconds at most: a click goes to its last known position. A running
 * animation of the element or of what holds it counts as a move: its first position can stay for several frames.
 */
const RESTING = `
  const [css, done] = arguments;
  let [before, looks] = ["", 0];
  const animated = (found) =>
    document.getAnimations().some(({ effect, playState }) => {
      const ends = Number.isFinite(effect?.getComputedTiming().endTime);
      return ends && playState === "running" && effect.target?.contains(found);
    });
  const look = () => {
    const found = document.querySelector(css);
    const box = JSON.stringify(found?.getBoundingClientRect() ?? null);
    looks += 1;
    if ((box === before && !animated(found)) || looks > 150) done();
    else setTimeout(look, 32);
    before = box;
  };
  look();
`;
