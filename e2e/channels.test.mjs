// Pages that are stopped, hidden or about to be unloaded: each slows down only its own channel, and returns to a
// correct list. The core continues meanwhile.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { byTestId, rowOf } from "./rig/downloads.mjs";
import { webProcessOf } from "./rig/processes.mjs";
import { scenario } from "./rig/scenario.mjs";
import { sha256 } from "./rig/server.mjs";
import { eventually } from "./rig/webdriver.mjs";
import { iconify } from "./rig/window-manager.mjs";

const MB = 1024 * 1024;

const sent = (rig, file) => rig.server.of(file.path).reduce((sum, one) => sum + one.sent, 0);

/** Counts the values that the row shows from now on, on every change. */
const COUNT = `
  const row = document.querySelector(arguments[0]);
  window.changes = 0;
  new MutationObserver(() => (window.changes += 1)).observe(row, { attributeFilter: ["data-received"] });
`;

scenario(
  "a page that stands still keeps no download waiting, and has caught up when it moves again",
  async (rig) => {
    const file = rig.server.serve("/stalled.bin", { size: 14 * MB, seed: 21, rate: 1.5 * MB });
    const app = await rig.start();
    const id = await app.add(file.url);
    await app.until(id, (row) => row.received > MB);
    const web = await webProcessOf(app.pid);
    const before = sent(rig, file);
    // Longer than the five seconds after which the core treats a page as stalled.
    process.kill(web, "SIGSTOP");
    try {
      await sleep(7000);
    } finally {
      process.kill(web, "SIGCONT");
    }
    const after = sent(rig, file);
    assert.ok(after - before > 7 * MB, `${after - before} bytes came while the page stood still`);
    await app.until(id, (row) => row.received >= after - MB, 15_000);
    await app.until(id, "done", 60_000);
    assert.equal(sha256(await readFile(join(rig.folder, "stalled.bin"))), file.sha256);
  },
);

scenario("a hidden page is sent nothing, and has everything when it is seen again", async (rig) => {
  const file = rig.server.serve("/hidden.bin", { size: 64 * MB, seed: 22, rate: 2 * MB });
  const app = await rig.start();
  const id = await app.add(file.url);
  await app.until(id, (row) => row.received > MB);
  await app.page.run(COUNT, rowOf(id));
  await eventually("rows change", 10_000, () => app.page.run("return window.changes > 3"));

  const show = iconify(rig.env, "Millrace");
  await eventually("the page is hidden", 10_000, () =>
    app.page.run("return document.visibilityState === 'hidden'"),
  );
  await sleep(600);
  const changes = await app.page.run("return window.changes");
  file.rate = null;
  await eventually("the file is whole", 20_000, async () => (await rig.files()).includes("hidden.bin"));
  assert.equal(await app.page.run("return window.changes"), changes, "a hidden page was sent frames");
  const notice = await rig.bus.notification((one) => `${one.summary} ${one.body}`.includes("hidden.bin"));
  assert.ok(notice, "what a person has to know comes from the core");

  show();
  await app.until(id, "done", 15_000);
});

scenario("the page never leaves our origin, and no frame runs anywhere else", async (rig) => {
  const app = await rig.start();
  const here = await app.page.run("return location.href");
  for (const leave of [
    "location.href = arguments[0]",
    "window.open(arguments[0])",
    "const a = document.createElement('a'); a.href = arguments[0]; document.body.append(a); a.click(); a.remove()",
    "const a = document.createElement('a'); a.href = arguments[0]; a.target = '_blank'; document.body.append(a); a.click(); a.remove()",
    "const f = document.createElement('iframe'); f.src = arguments[0]; document.body.append(f)",
  ]) {
    await app.page.run(leave, `${rig.server.origin}/elsewhere`);
    await sleep(300);
    assert.equal(await app.page.run("return location.href"), here, leave);
  }
  assert.deepEqual(rig.server.requests, [], "nothing was asked of the foreign server");
  await app.page.find(byTestId("empty-state"));
});
