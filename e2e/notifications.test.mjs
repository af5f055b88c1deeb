// Desktop notifications and their buttons, and links that come from elsewhere.
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { appBinary } from "../scripts/lib/paths.mjs";
import { byTestId } from "./rig/downloads.mjs";
import { start } from "./rig/processes.mjs";
import { scenario } from "./rig/scenario.mjs";
import { eventually } from "./rig/webdriver.mjs";

const around = { desktop: { tray: false } };

/** The number of the first notification that `wanted` accepts, as the desktop counts them. */
async function numberOf(rig, wanted) {
  const notice = await rig.bus.notification(wanted);
  return rig.bus.notifications().findIndex((one) => one.summary === notice.summary) + 1;
}

scenario(
  "the buttons of a notice open, show and retry",
  async (rig) => {
    const bin = join(rig.temp, "bin");
    const opened = join(rig.temp, "opened");
    await mkdir(bin);
    await writeFile(join(bin, "xdg-open"), `#!/bin/sh\nprintf %s "$1" > "${opened}"\n`, { mode: 0o755 });
    const app = await rig.start({ env: { PATH: `${bin}:${process.env.PATH}` } });

    const good = rig.server.serve("/good.bin", { size: 4096, seed: 41 });
    const id = await app.add(good.url);
    await app.until(id, "done");
    const finished = await numberOf(rig, (one) => one.summary === "good.bin");
    const { body, actions } = rig.bus.notifications()[finished - 1];
    assert.equal(body, "Download complete");
    assert.match(actions, /"open".*"Open".*"reveal".*"Show in folder".*"default"/);
    rig.desktop.answer(finished, "open");
    const path = await eventually("the file is opened", 10_000, () => readFile(opened, "utf8"));
    assert.equal(path, join(rig.folder, "good.bin"));

    const other = await app.add(new URL("/late.bin", good.url).href);
    await app.until(other, "failed");
    const failed = await numberOf(rig, (one) => one.body.startsWith("Download failed: "));
    assert.match(rig.bus.notifications()[failed - 1].actions, /"retry".*"Retry"/);
    rig.server.serve("/late.bin", { size: 4096, seed: 42 });
    rig.desktop.answer(failed, "retry");
    await app.until(other, "done");
  },
  { around },
);

scenario(
  "who wants no notices gets none",
  async (rig) => {
    const app = await rig.start();
    const good = rig.server.serve("/quiet.bin", { size: 4096, seed: 43 });
    const id = await app.add(good.url);
    await app.until(id, "done");
    const missing = await app.add(new URL("/nothing.bin", good.url).href);
    await app.until(missing, "failed");
    await sleep(1000);
    assert.deepEqual(rig.bus.notifications(), []);
  },
  { around: { ...around, settings: { notifyFinished: false, notifyFailed: false } } },
);

scenario("a burst of ends is told in one summary", async (rig) => {
  const links = [];
  for (let i = 0; i < 8; i++) links.push(rig.server.serve(`/many-${i}.bin`, { size: 512, seed: 50 + i }).url);
  await rig.start({ args: links });
  await rig.bus.notification((one) => one.summary === "5 downloads" && one.body === "5 complete", 15_000);
  assert.equal(rig.bus.notifications().length, 4);
});

scenario("a link from another program is asked about, and only a web link is taken", async (rig) => {
  const file = rig.server.serve("/asked.bin", { size: 4096, seed: 61 });
  const app = await rig.start();
  const link = `millrace://add?url=${encodeURIComponent(file.url)}`;
  const other = start(appBinary(), [link], { env: rig.env });
  assert.equal(await other.ended, "ended with 0");
  const shown = await eventually("the dialog has the link", 10_000, () =>
    app.page.run("return document.querySelector(arguments[0])?.value", byTestId("add-url")),
  );
  assert.equal(shown, file.url);
  await sleep(500);
  assert.deepEqual(await app.rows(), [], "nothing starts by itself");
  assert.deepEqual(rig.server.of("/asked.bin"), [], "the server hears nothing before somebody agrees");
  assert.deepEqual(await rig.files(), []);

  const bad = start(appBinary(), ["millrace://add?url=file:///etc/passwd"], { env: rig.env });
  assert.equal(await bad.ended, "ended with 0");
  await rig.bus.notification((one) => one.body === "Not added: only http and https links are supported");
});
