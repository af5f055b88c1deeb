// The foot of the real window and its command palette: the free space of a real disk, a limit that the core obeys, and
// commands by keyboard alone.
import assert from "node:assert/strict";
import { accessible } from "./rig/axe.mjs";
import { byTestId, rowOf } from "./rig/downloads.mjs";
import { scenario } from "./rig/scenario.mjs";
import { eventually } from "./rig/webdriver.mjs";

const MB = 1024 * 1024;
const gone = (app, css) => eventually(`${css} is gone`, 5000, async () => !(await app.shown(css)));

scenario(
  "the foot says speed, what is left and the free space, and its limit holds",
  async (rig) => {
    const file = rig.server.serve("/stream.bin", { size: 64 * MB, seed: 83, rate: 4 * MB });
    const app = await rig.start();
    const { page } = app;
    await page.fit(1280, 800);
    assert.match(await page.text(byTestId("free-space")), /\d/);
    assert.equal(await app.shown(byTestId("work-left")), false);
    const id = await app.add(file.url);
    await app.until(id, (row) => row.received > MB);
    await page.find(byTestId("work-left"));

    await page.run(`document.querySelector('${byTestId("limit-chip")}').focus()`);
    await page.press("Enter");
    await page.find(byTestId("speed-panel"));
    await accessible(page, "the speed panel");
    await page.click(byTestId("speed-preset-500000"));
    await eventually("the chip shows the limit", 5000, async () =>
      /500/.test(await page.text(byTestId("limit-chip"))),
    );
    // The total speed is a mean of the last seconds.
    await eventually("the speed has come down to the limit", 30_000, async () => {
      const [number, unit] = (await page.text(byTestId("total-speed"))).split(/\s/);
      return unit === "kB/s" && Number(number) < 650;
    });
    await page.press("Escape");
    await gone(app, byTestId("speed-panel"));
    assert.equal(
      await page.run(`return document.activeElement.matches('${byTestId("limit-chip")}')`),
      true,
      "the focus is back on the chip",
    );
  },
  { timeout: 120_000 },
);

scenario("the command palette runs commands and finds downloads", async (rig) => {
  const one = rig.server.serve("/harbour.bin", { size: 64 * MB, seed: 84, rate: 0.3 * MB });
  const two = rig.server.serve("/notes.pdf", { size: 4096, seed: 85 });
  const app = await rig.start();
  const { page } = app;
  await page.fit(1280, 800);
  const first = await app.add(one.url);
  const second = await app.add(two.url);
  await app.until(second, "done");
  await app.until(first, "running");
  await app.closeDetails();

  const open = async (text) => {
    await page.press("Control+k");
    await page.find(byTestId("palette-input"));
    await page.write(text);
  };
  await open("harbour");
  await page.find(`${byTestId(`palette-download-${first}`)}[data-selected]`);
  await accessible(page, "the command palette");
  await page.press("Enter");
  await page.find(`${byTestId("details")}[data-id="${first}"]`);
  assert.deepEqual(await app.chosen(), [first]);

  await open("pause");
  await page.find(byTestId("palette-selected-pause"));
  await page.click(byTestId("palette-selected-pause"));
  await app.until(first, "paused");

  await open("no such thing");
  await page.find(byTestId("palette-none"));
  await page.press("Escape");
  await gone(app, byTestId("palette"));
  await page.find(rowOf(second));

  await page.press("?");
  await page.find(byTestId("shortcuts-search"));
  await page.write("palette");
  await eventually("the one that was sought", 5000, async () => {
    const found = await page.run(`return document.querySelectorAll('${byTestId("shortcuts")} dt').length`);
    return found === 1;
  });
  await accessible(page, "the search for shortcuts");
});
