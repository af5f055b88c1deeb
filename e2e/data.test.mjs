// Export, import, history, log and the first start in the real window.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { accessible } from "./rig/axe.mjs";
import { byTestId } from "./rig/downloads.mjs";
import { scenario } from "./rig/scenario.mjs";
import { eventually } from "./rig/webdriver.mjs";

async function openPage(page, part, first) {
  await page.click(byTestId("settings-open"));
  await page.click(byTestId(`settings-go-${part}`));
  await page.find(byTestId(first));
}
const give = (page, text) =>
  page.run(
    `const field = document.querySelector(arguments[0]);
     const files = new DataTransfer();
     files.items.add(new File([arguments[1]], "list.txt"));
     field.files = files.files;
     field.dispatchEvent(new Event("change", { bubbles: true }));`,
    byTestId("import-input"),
    text,
  );
const invoke = (page, command, args) =>
  page.runAsync(
    `const done = arguments[2];
     window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).then(done, (error) => done(JSON.stringify(error)));`,
    command,
    args,
  );

scenario("a list that is exported and imported again is the same list", async (rig) => {
  const app = await rig.start();
  const { page } = app;
  await page.fit(1280, 800);
  await openPage(page, "data", "import-file");
  await give(
    page,
    `${rig.server.origin}/a.bin\n  out=named.bin\n  pause=true\n  header=Accept: x/y\n${rig.server.origin}/b.bin\n  pause=true\n`,
  );
  await page.find(byTestId("import-plan"));
  await accessible(page, "an import before it is carried out");
  await page.click(byTestId("import-go"));
  await page.find(byTestId("import-done"));
  const first = JSON.parse(await invoke(page, "export_list", { format: "json", secrets: true }));
  assert.deepEqual(
    first.downloads.map(({ url, name, state }) => [url, name, state]),
    [
      [`${rig.server.origin}/a.bin`, "named.bin", "paused"],
      [`${rig.server.origin}/b.bin`, undefined, "paused"],
    ],
  );
  await give(page, JSON.stringify(first));
  await eventually("all are known", 5000, async () =>
    (await page.text(byTestId("import-plan"))).includes("2 are already in your list"),
  );
  const saved = await invoke(page, "save_list", { folder: "downloads", format: "json", secrets: true });
  assert.deepEqual(JSON.parse(await readFile(join(rig.folder, saved.name), "utf8")), first);
});

scenario("what is finished and removed stays in the history, and comes back", async (rig) => {
  const file = rig.server.serve("/kept.bin", { size: 300_000, seed: 91 });
  let app = await rig.start();
  let { page } = app;
  await page.fit(1280, 800);
  const id = await app.add(file.url);
  await app.until(id, "done");
  assert.equal(await invoke(page, "remove", { id: Number(id), leftover: "keep" }), null);
  await eventually("it is gone", 10_000, async () => !(await app.shown(byTestId("download-row"))));
  await app.close();

  app = await rig.start();
  page = app.page;
  await page.fit(1280, 800);
  await openPage(page, "data", "history-open");
  await page.click(byTestId("history-open"));
  await page.find(byTestId("history-item"));
  assert.match(await page.text(byTestId("history-item")), /kept\.bin/);
  await page.find(byTestId("traffic-host"));
  await accessible(page, "the history");
  await page.click(byTestId("history-restore"));
  await page.press("Escape");
  await page.find(byTestId("download-row"));
});

scenario("the log is read in the window", async (rig) => {
  const app = await rig.start();
  const { page } = app;
  await page.fit(1280, 800);
  await openPage(page, "about", "app-log-open");
  await page.click(byTestId("app-log-open"));
  await eventually("the start is in it", 5000, async () =>
    (await page.text(byTestId("app-log"))).includes("started"),
  );
  await accessible(page, "the log");
  await page.click(byTestId("modal-back"));
  await page.click(byTestId("licences-open"));
  await page.find(byTestId("licence"));
});

scenario(
  "the first start asks once",
  async (rig) => {
    let app = await rig.start();
    let { page } = app;
    await page.find(byTestId("welcome"));
    await accessible(page, "the first start");
    await page.click(byTestId("welcome-done"));
    await eventually("it is closed", 5000, async () => !(await app.shown(byTestId("welcome"))));
    await eventually("that is stored", 5000, async () => (await invoke(page, "settings", {})).welcomed);
    await app.close();
    app = await rig.start();
    page = app.page;
    await page.find(byTestId("empty-state"));
    assert.equal(await app.shown(byTestId("welcome")), false);
  },
  { around: { settings: null } },
);
