// A small client of the classic WebDriver protocol (W3C), as much of it as the tests use.
// Knows WebKitWebDriver's capability names; knows nothing of what is on the page.
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { start } from "./processes.mjs";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const KEYS = { Escape: "\uE00C", Enter: "\uE007", Tab: "\uE004", ArrowDown: "\uE015" };

/** Starts WebKitWebDriver, which starts `binary`, and returns the session. */
export async function openSession({ binary, args = [], env }) {
  const port = await freePort();
  const driver = start("WebKitWebDriver", ["--host=127.0.0.1", `--port=${port}`], {
    // Without these two WebKitGTK refuses to be driven, and Tauri does not offer its window to the driver.
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

export class Session {
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

  /** The first element for a CSS selector that is shown, once there is one. */
  async find(css, milliseconds = 10_000) {
    return eventually(`${css} is shown`, milliseconds, async () => {
      for (const id of await this.all(css)) {
        if (await this.#displayed(id)) return id;
      }
      return null;
    });
  }

  /** A real click in the middle of the element; tries again while something still covers it. */
  async click(css, milliseconds = 10_000) {
    return eventually(`${css} takes a click`, milliseconds, async () => {
      await this.#post(`/element/${await this.find(css, milliseconds)}/click`);
      return true;
    });
  }

  /** Types into a field, key by key, after emptying it. */
  async type(css, text) {
    const id = await this.find(css);
    await this.#post(`/element/${id}/clear`);
    await this.#post(`/element/${id}/value`, { text });
  }

  /** Presses one key wherever the focus is. */
  press(key) {
    const value = KEYS[key] ?? key;
    const actions = [
      { type: "keyDown", value },
      { type: "keyUp", value },
    ];
    return this.#post("/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  /** The page's own word for it: WebKitWebDriver calls text that is cut off with an ellipsis not displayed. */
  #displayed(id) {
    return this.run(
      "const [one] = arguments; return one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0",
      { [ELEMENT]: id },
    );
  }

  async text(css) {
    return this.#get(`/element/${await this.find(css)}/text`);
  }

  /** Runs the body of a function in the page; `args` are its `arguments`. */
  run(body, ...args) {
    return this.#post("/execute/sync", { script: body, args });
  }

  /** The same for a body that ends by calling its last argument. */
  runAsync(body, ...args) {
    return this.#post("/execute/async", { script: body, args });
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

  /** A PNG of the page as a buffer. */
  async screenshot() {
    return Buffer.from(await this.#get("/screenshot"), "base64");
  }

  /** Ends the session and with it the application. */
  async close() {
    try {
      await call("DELETE", this.#url, undefined, 5000);
    } catch {
      // The application may be gone already, which is how some tests end it.
    }
    await this.#driver.stop();
  }
}

/** Polls until `probe` gives something other than null or false; errors of the page meanwhile are part of waiting. */
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
