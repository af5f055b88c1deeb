// The life of a file after its download: another name, a look without opening it, and a file that somebody has moved.
import assert from "node:assert/strict";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { accessible } from "./rig/axe.mjs";
import { byTestId, rowOf } from "./rig/downloads.mjs";
import { scenario } from "./rig/scenario.mjs";
import { eventually } from "./rig/webdriver.mjs";

scenario("a finished file gets another name by keyboard, and one that is taken is refused", async (rig) => {
  const file = rig.server.serve("/first.bin", { size: 40_000, seed: 51 });
  const app = await rig.start();
  const { page } = app;
  const id = await app.add(file.url);
  await app.until(id, "done");
  const whole = await readFile(join(rig.folder, "first.bin"));
  await writeFile(join(rig.folder, "taken.bin"), "mine");
  await page.run(`document.querySelector('${byTestId("list")}').focus()`);
  await page.press("Home");
  await page.press("F2");
  await page.find(byTestId("rename-name"));
  await accessible(page, "the dialog for a name");
  await page.press("Control+a");
  await page.write("taken.bin");
  await page.press("Enter");
  await page.find(byTestId("field-error"));
  assert.equal(await readFile(join(rig.folder, "taken.bin"), "utf8"), "mine");
  await page.press("Control+a");
  await page.write("second.bin");
  await page.press("Enter");
  await eventually(
    "it has its new name",
    10_000,
    async () => (await rig.files()).join() === "second.bin,taken.bin",
  );
  assert.deepEqual(await readFile(join(rig.folder, "second.bin")), whole);
});

scenario("a file that was moved away says so, and comes back", async (rig) => {
  const file = rig.server.serve("/moved.bin", { size: 40_000, seed: 52 });
  const app = await rig.start();
  const { page } = app;
  const id = await app.add(file.url);
  await app.until(id, "done");
  const [here, away] = [join(rig.folder, "moved.bin"), join(rig.temp, "moved.bin")];
  const look = () => page.run("window.dispatchEvent(new Event('focus'))");
  await rename(here, away);
  await look();
  await page.find(`${rowOf(id)} ${byTestId("file-missing")}`);
  await rename(away, here);
  await look();
  await eventually("it is there again", 20_000, async () => !(await app.shown(byTestId("file-missing"))));
  await rm(here);
  await look();
  await page.click(`${rowOf(id)} ${byTestId("row-again")}`);
  await eventually("it is downloaded again", 20_000, async () => (await rig.files()).join() === "moved.bin");
});

scenario("Space shows a text, and nothing but finished files can be loaded", async (rig) => {
  const file = rig.server.serve("/notes.txt", { size: 2_000, seed: 53 });
  const app = await rig.start();
  const { page } = app;
  const id = await app.add(file.url);
  await app.until(id, "done");
  await writeFile(join(rig.folder, "secret.txt"), "a secret");
  await page.run(`document.querySelector('${byTestId("list")}').focus()`);
  await page.press("Home");
  await page.press("Space");
  await page.find(byTestId("quick-look"));
  await accessible(page, "the quick look");
  for (const path of ["secret.txt", `${id}/../secret.txt`, "9999", ""]) {
    const status = await page.run(
      "return fetch(arguments[0]).then((answer) => answer.status, () => 0)",
      `preview://localhost/${path}`,
    );
    assert.notEqual(status, 200, path);
  }
  await page.press("Escape");
  await eventually("it is closed", 5_000, async () => !(await app.shown(byTestId("quick-look"))));
});
