// Settings in the real window: each is applied as soon as it is changed, survives a restart, and works without a
// pointer.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { accessible } from "./rig/axe.mjs";
import { byTestId } from "./rig/downloads.mjs";
import { scenario } from "./rig/scenario.mjs";
import { eventually } from "./rig/webdriver.mjs";

const MB = 1024 * 1024;
const setting = (name) => byTestId(`setting-${name}`);

/** The first setting of each page. */
const pages = {
  system: "awake",
  looks: "theme",
  files: "folder",
  speed: "limit",
  network: "proxy",
  about: "report",
};

async function openSettings(page, part) {
  await page.click(byTestId("settings-open"));
  await page.find(byTestId("settings-go-system"));
  await turnTo(page, part);
}
/** On a phone the list of pages comes between two of them. */
async function turnTo(page, part) {
  if (
    !(await page.run("return document.querySelector(arguments[0]) !== null", byTestId(`settings-go-${part}`)))
  ) {
    await page.click(byTestId("modal-back"));
  }
  await page.click(byTestId(`settings-go-${part}`));
  await page.find(setting(pages[part]));
}
/** Selects an option and fires the events of a user's choice. */
const choose = (page, name, value) =>
  page.run(
    `const one = document.querySelector(arguments[0]); one.value = arguments[1];
     one.dispatchEvent(new Event("change", { bubbles: true }));`,
    setting(name),
    value,
  );
const enter = async (page, name, text) => {
  await page.run("document.querySelector(arguments[0]).focus()", setting(name));
  await page.press("Control+a");
  await (text === "" ? page.press("Delete") : page.write(text));
  await page.press("Enter");
};
const says = (page, body, wanted) =>
  eventually(`${body} gives ${wanted}`, 5000, async () => {
    const value = await page.run(`return ${body}`);
    if (value !== wanted) throw new Error(String(value));
    return true;
  });
const valueIs = (page, name, wanted) =>
  says(page, `document.querySelector('${setting(name)}').value.replace(/\\s/g, " ")`, wanted);

scenario(
  "a speed limit is obeyed at once, and taken away at once",
  async (rig) => {
    const file = rig.server.serve("/stream.bin", { size: 64 * MB, seed: 71, rate: 6 * MB });
    const app = await rig.start();
    const { page } = app;
    await page.fit(1280, 800);
    const id = await app.add(file.url);
    await app.until(id, (row) => row.received > MB);
    /** Received bytes per second; what the server has handed to the system is no measure. */
    const rate = async (seconds) => {
      const before = (await app.row(id)).received;
      await sleep(seconds * 1000);
      return ((await app.row(id)).received - before) / seconds;
    };

    await openSettings(page, "speed");
    await enter(page, "limit", "500 kB/s");
    await valueIs(page, "limit", "500");
    await valueIs(page, "limit-unit", "kB/s");
    await sleep(1500);
    const slow = await rate(4);
    assert.ok(slow < 900_000, `no more than the limit: ${Math.round(slow)} B/s`);
    await enter(page, "limit", "");
    // At the limit this would take more than a minute.
    await app.until(id, "done", 40_000);
  },
  { timeout: 120_000 },
);

scenario("language and theme change the window at once, and stay after a restart", async (rig) => {
  let app = await rig.start();
  let { page } = app;
  await page.fit(1280, 800);
  await openSettings(page, "looks");
  const light = await page.run("return getComputedStyle(document.body).backgroundColor");
  await choose(page, "theme", "dark");
  await says(page, "document.documentElement.dataset.theme", "dark");
  const dark = await page.run("return getComputedStyle(document.body).backgroundColor");
  assert.notEqual(dark, light);
  await accessible(page, "the settings in the dark");
  await choose(page, "language", "de");
  await says(page, "document.querySelector('.modal-title').textContent", "Einstellungen");
  await says(page, "document.documentElement.lang", "de");
  await choose(page, "language", "zh");
  await says(page, "document.querySelector('.modal-title').textContent", "设置");
  await choose(page, "language", "de");
  await says(page, "document.documentElement.lang", "de");
  await app.close();

  app = await rig.start();
  page = app.page;
  await page.find(byTestId("empty-state"));
  await says(page, "document.documentElement.lang", "de");
  await says(page, "document.documentElement.dataset.theme", "dark");
  await openSettings(page, "looks");
  await says(page, "document.querySelector('.modal-title').textContent", "Einstellungen");
});

for (const [width, height] of [
  [1280, 800],
  [390, 844],
]) {
  scenario(`what cannot be is said beside its field, and is not kept, at ${width}x${height}`, async (rig) => {
    const app = await rig.start();
    const { page } = app;
    await page.fit(width, height);
    await openSettings(page, "system");
    for (const part of Object.keys(pages)) {
      await turnTo(page, part);
      await accessible(page, `the page ${part} of the settings at ${width}`);
    }
    await turnTo(page, "speed");
    await enter(page, "parallel", "99");
    assert.match(await page.text(setting("parallel-error")), /1 to 32/);
    await accessible(page, `a refused setting at ${width}`);
    await enter(page, "parallel", "7");
    await eventually("the words are gone", 5000, async () => !(await app.shown(setting("parallel-error"))));
    await turnTo(page, "network");
    await choose(page, "proxy", "custom");
    await enter(page, "proxy-url", "socks5://me:secret@127.0.0.1:1080");
    await eventually("the password is hidden", 5000, async () =>
      /^socks5:\/\/me:\*\*\*@127\.0\.0\.1:1080\/?$/.test(
        await page.run(`return document.querySelector('${setting("proxy-url")}').value`),
      ),
    );
    await enter(page, "proxy-url", "socks5://me:***@127.0.0.2:1080");
    await page.find(setting("proxy-url-error"));
    await turnTo(page, "system");
    await page.click(setting("awake"));
    await turnTo(page, "files");
    await page.click(setting("categories"));
    await page.find(setting("category-video"));
    await accessible(page, `the folders of categories at ${width}`);
    const fits = await page.run("return document.documentElement.scrollWidth <= innerWidth");
    assert.ok(fits, "nothing sticks out at the side");

    await page.reload();
    await page.find(byTestId("settings-open"), 20_000);
    await openSettings(page, "speed");
    await valueIs(page, "parallel", "7");
    await turnTo(page, "system");
    await says(page, `document.querySelector('${setting("awake")}').checked`, false);
    await turnTo(page, "network");
    await says(page, `document.querySelector('${setting("proxy")}').value`, "custom");
  });
}

scenario("settings need no pointer", async (rig) => {
  const app = await rig.start();
  const { page } = app;
  await page.fit(1280, 800);
  await page.find(byTestId("empty-state"));
  await page.run(`document.querySelector('${byTestId("settings-open")}').focus()`);
  await page.press("Enter");
  await page.find(byTestId("settings-go-system"));
  const tabTo = async (css) => {
    for (let i = 0; i < 40; i++) {
      if (await page.run("return document.activeElement?.matches(arguments[0]) ?? false", css)) return;
      await page.press("Tab");
    }
    throw new Error(`the tabs do not lead to ${css}`);
  };
  await tabTo(byTestId("settings-go-system"));
  for (let i = 0; i < 3; i++) await page.press("ArrowDown");
  await page.find(setting("limit"));
  await tabTo(setting("slow"));
  await page.press("Space");
  await says(page, `document.querySelector('${setting("slow")}').checked`, true);
  await tabTo(setting("parallel"));
  await page.press("Control+a");
  await page.write("3");
  await page.press("Tab");
  await valueIs(page, "parallel", "3");
  await page.press("Escape");
  await eventually("the settings close", 5000, async () => !(await app.shown(byTestId("settings"))));
  await says(page, `document.activeElement.matches('${byTestId("settings-open")}')`, true);
});
