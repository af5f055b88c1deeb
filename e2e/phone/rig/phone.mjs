// A phone's window over the fake core, as the tests open it. Knows the pages' test ids.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import { root } from "../../../scripts/lib/paths.mjs";
import { openChromium } from "./chromium.mjs";
import { Page, eventually } from "./page.mjs";
import { buildCore, servePages } from "./pages.mjs";

export const byTestId = (id) => `[data-testid="${id}"]`;
export const rowOf = (id) => `${byTestId("download-row")}[data-id="${id}"]`;

/** `wide` is a window of a desktop, without touch. */
const screens = { tall: [390, 844], small: [360, 640], wide: [1280, 800] };
/** Insets of a screen with a camera notch and a gesture bar. */
export const bars = { top: 47, bottom: 34 };

const out = join(root, "e2e", "out", "phone");
let browser, coreScript;
const servers = new Map();

/** Starts Chromium, builds the fake core, and starts a server per text size, for the tests of one file. */
export function inChromium() {
  before(async () => {
    await mkdir(out, { recursive: true });
    // Chromium is opened last: if a step after it failed, it would keep running.
    coreScript = await buildCore();
    browser = await openChromium();
  });
  after(async () => {
    await browser?.close();
    await Promise.all([...servers.values()].map((server) => server.close()));
    servers.clear();
  });
}

async function origin(text) {
  if (!servers.has(text)) servers.set(text, await servePages(text));
  return servers.get(text).url;
}

/**
 * Opens the window. `insets: "old"` is a WebView without `env()` insets: the app's Kotlin sets them instead, as
 * `Insets.kt` does.
 */
export async function openPhone({
  screen = "tall",
  insets = "env",
  dark = false,
  text = 1,
  still,
  given = {},
  scripts = [],
}) {
  const [width, height] = screens[screen];
  const mobile = screen !== "wide";
  const start = mobile ? given : { os: "linux", ...given };
  const page = await Page.open(browser, {
    url: await origin(text),
    scripts: [`window.given = ${JSON.stringify(start)};`, coreScript, ...scripts],
    ...{ width, height, dark, still, mobile },
    insets: mobile && insets === "env" ? bars : {},
  });
  const phone = new Phone(page, { width, height, dark });
  await page.find(`${byTestId("list")}, ${byTestId("empty-state")}`);
  if (insets === "old") await phone.tellInsets(bars);
  return phone;
}

class Phone {
  constructor(page, { width, height, dark }) {
    Object.assign(this, { page, width, height, dark, keyboard: 0 });
  }

  /** Reports insets to the page as `Insets.kt` does. */
  tellInsets({ top = 0, right = 0, bottom = 0, left = 0, keyboard = 0 }) {
    const all = { top, right, bottom, left, keyboard };
    return this.page.run((told) => {
      for (const [side, pixels] of Object.entries(told))
        document.documentElement.style.setProperty(`--inset-${side}`, `${pixels}px`);
      window.dispatchEvent(new Event("resize"));
    }, all);
  }

  /** Changes rows as the core would. */
  core(act, ...values) {
    return this.page.run(act, ...values);
  }

  change(id, over) {
    return this.page.run((row, what) => window.core.change(row, what), id, over);
  }

  /** Requests of this command so far. */
  asked(cmd) {
    return this.page.run(
      (name) =>
        window.core.calls
          .filter((call) => call.cmd === name)
          .map(({ args }) => JSON.parse(JSON.stringify(args))),
      cmd,
    );
  }

  async untilAsked(cmd, count = 1) {
    const calls = await eventually(`the core is asked to ${cmd}`, async () => {
      const all = await this.asked(cmd);
      return all.length >= count ? all : null;
    });
    return calls.at(-1);
  }

  async untilState(id, state) {
    await this.page.find(`${rowOf(id)}[data-state="${state}"]`);
  }

  ids() {
    return this.page.run(
      (css) => [...document.querySelectorAll(css)].map((row) => Number(row.dataset.id)),
      byTestId("download-row"),
    );
  }

  async picture(name) {
    await this.page.settled();
    await writeFile(join(out, `${name}.png`), await this.page.picture());
  }
}
