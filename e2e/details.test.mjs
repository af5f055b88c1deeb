// The details say what limits the speed, and keep the speed over the end of the application.
import assert from "node:assert/strict";
import { accessible } from "./rig/axe.mjs";
import { byTestId } from "./rig/downloads.mjs";
import { scenario } from "./rig/scenario.mjs";
import { eventually } from "./rig/webdriver.mjs";

const MB = 1024 * 1024;
const limited = (by) => `${byTestId("limited-by")}[data-by="${by}"]`;

scenario("a limit of its own is named, in words and in the chart", async (rig) => {
  const app = await rig.start();
  const { page } = app;
  await page.fit(1280, 800);
  const file = rig.server.serve("/held.bin", { size: 40 * MB, seed: 71, rate: 4 * MB });
  const id = await app.add(file.url);
  await app.until(id, "running");
  await app.select(id);
  await app.tab("overview");
  // A change before the first point of the chart has no mark.
  await page.find(byTestId("speed-section"), 20_000);
  await app.tab("options");
  await page.type(byTestId("option-limit"), "200 kB");
  await page.press("Enter");
  await app.tab("overview");
  await page.find(limited("own-limit"), 20_000);
  assert.match(await page.text(byTestId("limited-by")), /200/);
  await page.find(`${byTestId("speed-section")} .limit`, 20_000);
  await eventually("the change is marked", 10_000, async () => {
    const marks = await page.run(
      `return [...document.querySelectorAll('${byTestId("chart-mark")}')].map((mark) => mark.dataset.tooltip)`,
    );
    return marks.some((mark) => /limit changed/i.test(mark));
  });
  await accessible(page, "the overview of a held download");
});

scenario("a server that allows two connections is named with its number", async (rig) => {
  const app = await rig.start();
  const { page } = app;
  await page.fit(1280, 800);
  const file = rig.server.serve("/two.bin", { size: 60 * MB, seed: 72, rate: 1 * MB, room: 2 });
  const id = await app.add(file.url, { connections: 4 });
  await app.until(id, "running");
  await app.select(id);
  await page.find(limited("server-connections"), 40_000);
  assert.match(await page.text(byTestId("limited-by")), /2 connections/);
  await page.find(byTestId("connection"));
  assert.match(await page.text(byTestId("connection-facts")), /2 connections.*127\.0\.0\.1:\d+ · HTTP\/1\.1/);
});

scenario("the speed is still there after the application was ended and started again", async (rig) => {
  let app = await rig.start();
  await app.page.fit(1280, 800);
  const file = rig.server.serve("/kept.bin", { size: 40 * MB, seed: 73, rate: 1 * MB });
  const id = await app.add(file.url);
  await app.until(id, (row) => row.received > 3 * MB);
  await app.select(id);
  await app.page.find(byTestId("speed-section"));
  await app.press(id, "row-pause");
  await app.until(id, "paused");
  const facts = await eventually("the pause is marked", 10_000, async () =>
    (await app.shown(byTestId("chart-mark"))) ? app.page.text(byTestId("speed-facts")) : null,
  );
  await app.close();
  app = await rig.start();
  await app.page.fit(1280, 800);
  await app.until(id, "paused");
  await app.select(id);
  await app.page.find(byTestId("speed-section"));
  assert.equal(await app.page.text(byTestId("speed-facts")), facts);
});
