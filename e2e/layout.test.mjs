// The layout in other languages, from right to left, at 200 %, and with reduced motion.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { accessible } from "./rig/axe.mjs";
import { byTestId } from "./rig/downloads.mjs";
import { scenario } from "./rig/scenario.mjs";
import { overlapping, tooWide } from "./rig/layout-checks.mjs";
import { eventually } from "./rig/webdriver.mjs";

const MB = 1024 * 1024;
const gone = (app, css) => eventually(`${css} is gone`, 5000, async () => !(await app.shown(css)));

scenario(
  "nothing is cut off in any language, at 200 %, or from right to left",
  async (rig) => {
    const slow = rig.server.serve("/slow.mkv", { size: 60 * MB, seed: 81, rate: MB });
    const lost = rig.server.serve("/lost.zip", { status: 404 });
    const app = await rig.start();
    const { page } = app;
    const failed = await app.add(lost.url);
    const id = await app.add(slow.url);
    await app.until(failed, "failed");
    await app.until(id, "running");
    await app.closeDetails();
    const speak = (language) =>
      page.runAsync(
        `const done = arguments[1];
         const { invoke } = window.__TAURI_INTERNALS__;
         invoke("settings")
           .then((settings) => invoke("change_settings", { settings: { ...settings, language: arguments[0] } }))
           .then(() => done(null), (error) => done(JSON.stringify(error)));`,
        language,
      );
    const whole = async (where) => {
      assert.deepEqual(await tooWide(page), [], where);
      assert.deepEqual(await overlapping(page), [], where);
    };
    // A window of 1280 pixels has 640 CSS pixels at 200 %; the window is never lower than 560.
    const sizes = [
      [1280, 800],
      [900, 700],
      [640, 560],
      [390, 844],
    ];
    for (const [language, word] of [
      ["de", "Fehlgeschlagen"],
      ["zh", "失败"],
      ["en", "Failed"],
    ]) {
      // The table names the state, which a phone's row does not.
      await page.fit(1280, 800);
      assert.equal(await speak(language), null);
      await page.reload();
      await eventually(`the window speaks ${language}`, 10_000, async () =>
        (await app.row(failed)).text.includes(word),
      );
      for (const [width, height] of sizes) {
        await page.fit(width, height);
        await whole(`${language} at ${width}x${height}`);
      }
    }
    await page.run("document.documentElement.dir = 'rtl'");
    for (const [width, height] of sizes) {
      await page.fit(width, height);
      await whole(`from right to left at ${width}x${height}`);
    }
    await accessible(page, "the list from right to left");
    // The other views, from right to left and at the size of a 1280-pixel window at 200 %.
    const views = [
      ["the details", () => app.select(failed), byTestId("details")],
      ["the dialog", () => page.click(byTestId("add-open")), byTestId("add-url")],
      ["the settings", () => page.click(byTestId("settings-open")), byTestId("settings-go-system")],
    ];
    for (const [what, open, css] of views) {
      await open();
      await page.find(css);
      for (const [width, height] of sizes.slice(1)) {
        await page.fit(width, height);
        for (const dir of ["rtl", "ltr"]) {
          await page.run("document.documentElement.dir = arguments[0]", dir);
          await whole(`${what}, ${dir}, at ${width}x${height}`);
        }
      }
      await page.press("Escape");
      await gone(app, css);
      await page.fit(1280, 800);
    }
  },
  { timeout: 240_000 },
);

scenario("whoever wants it still sees nothing move", async (rig) => {
  await mkdir(join(rig.temp, "config", "gtk-3.0"), { recursive: true });
  await writeFile(
    join(rig.temp, "config", "gtk-3.0", "settings.ini"),
    "[Settings]\ngtk-enable-animations=0\n",
  );
  const slow = rig.server.serve("/slow.mkv", { size: 60 * MB, seed: 82, rate: MB });
  const app = await rig.start();
  const { page } = app;
  await page.fit(1280, 800);
  assert.ok(await page.run("return matchMedia('(prefers-reduced-motion: reduce)').matches"));
  // Sampled at every frame: a short animation would be missed otherwise.
  await page.run(`
    window.moved = new Set();
    const look = () => {
      for (const one of document.getAnimations()) {
        const { duration } = one.effect.getComputedTiming();
        if (one.playState === "running" && duration > 1) {
          window.moved.add((one.animationName ?? one.transitionProperty) + " of " + one.effect.target?.className);
        }
      }
      requestAnimationFrame(look);
    };
    look();
  `);
  const id = await app.add(slow.url);
  await app.until(id, (row) => row.received > MB);
  await app.tab("options");
  await page.click(byTestId("settings-open"));
  await page.click(byTestId("settings-go-system"));
  await page.click(byTestId("setting-awake"));
  await page.press("Escape");
  await gone(app, byTestId("settings"));
  await page.fit(390, 844);
  await app.closeDetails();
  await app.select(id);
  await page.click(byTestId("details-more"));
  await page.click(byTestId("menu-remove"));
  await page.click(byTestId("toast-action"));
  await app.until(id, (row) => row.state !== "done");
  assert.deepEqual(await page.run("return [...window.moved]"), []);
});

scenario("a core that does not answer is said above the list, which stays", async (rig) => {
  const lost = rig.server.serve("/lost.zip", { status: 404 });
  const app = await rig.start();
  const { page } = app;
  const id = await app.add(lost.url);
  await app.until(id, "failed");
  // Requests of the page never reach the core from now on.
  await page.run("window.fetch = () => new Promise(() => undefined)");
  await page.find(byTestId("lost"), 20_000);
  for (const [width, height] of [
    [1280, 800],
    [390, 844],
  ]) {
    await page.fit(width, height);
    await accessible(page, `the lost core at ${width}`);
    assert.deepEqual(await tooWide(page), [], `at ${width}`);
  }
  assert.equal((await app.rows()).length, 1);
});
