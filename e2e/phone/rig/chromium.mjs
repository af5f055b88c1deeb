// Headless Chromium from Debian, driven over a pipe with the DevTools protocol. Knows the protocol's envelope and how
// the program is started; knows nothing of the pages.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const flags = [
  "--headless=new",
  "--remote-debugging-pipe",
  // The pages are our own, and a container does not allow a sandbox.
  "--no-sandbox",
  "--no-first-run",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-extensions",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--password-store=basic",
  // A page in the background is rendered and timed like any other.
  "--disable-renderer-backgrounding",
  "--disable-backgrounding-occluded-windows",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/** Timeout of one command; in ms. */
const patience = 30_000;

export async function openChromium() {
  const profile = await mkdtemp(join(tmpdir(), "millrace-chromium-"));
  const child = spawn("chromium", [...flags, `--user-data-dir=${profile}`, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
    env: { ...process.env, LANG: "en_GB.UTF-8", DBUS_SESSION_BUS_ADDRESS: "disabled:" },
    // Its own process group, so that its children end with it.
    detached: true,
  });
  return new Chromium(child, profile);
}

class Chromium {
  #child;
  #profile;
  #next = 1;
  #waiting = new Map();
  #heard = new Map();
  #said = "";
  #ended;

  constructor(child, profile) {
    this.#child = child;
    this.#profile = profile;
    this.#ended = new Promise((resolve) => {
      child.once("error", resolve);
      child.once("exit", resolve);
    });
    child.stderr.on("data", (data) => (this.#said = (this.#said + data).slice(-4000)));
    // Both pipes break when it ends; pending commands are rejected below.
    for (const pipe of [child.stdio[3], child.stdio[4]]) pipe.on("error", () => undefined);
    let rest = Buffer.alloc(0);
    child.stdio[4].on("data", (data) => {
      rest = Buffer.concat([rest, data]);
      for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
        this.#take(JSON.parse(rest.subarray(0, end).toString()));
        rest = rest.subarray(end + 1);
      }
    });
    void this.#ended.then(() => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`chromium ended: ${this.#said}`));
      this.#waiting.clear();
    });
  }

  /** Sends one command to the browser or a session. */
  send(method, params = {}, sessionId = undefined) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error(`${method} was not answered within ${patience / 1000} s`));
      }, patience);
      const ended = (act) => (value) => {
        clearTimeout(late);
        act(value);
      };
      this.#waiting.set(id, { method, resolve: ended(resolve), reject: ended(reject) });
      this.#child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  /** Calls `hear` for each event of a session. */
  listen(sessionId, hear) {
    this.#heard.set(sessionId, hear);
  }

  #take({ id, result, error, method, params, sessionId }) {
    if (id === undefined) {
      this.#heard.get(sessionId)?.(method, params);
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(`${waiting.method}: ${error.message} ${error.data ?? ""}`));
    else waiting?.resolve(result);
  }

  async close() {
    try {
      process.kill(-this.#child.pid, "SIGKILL");
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
    await this.#ended;
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
