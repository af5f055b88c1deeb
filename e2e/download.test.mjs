// One download from start to end in the real window, with everything that a user can do with it on the way.
import assert from "node:assert/strict";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { start } from "./rig/processes.mjs";
import { scenario } from "./rig/scenario.mjs";
import { sha256 } from "./rig/server.mjs";
import { refetchedBytes, count, stored } from "./rig/database.mjs";
import { eventually } from "./rig/webdriver.mjs";
import { byTestId } from "./rig/downloads.mjs";
import { appBinary } from "../scripts/lib/paths.mjs";

const MB = 1024 * 1024;

async function arrived(rig, file, name) {
  assert.deepEqual(await rig.files(), [name], "the folder holds the finished file and nothing else");
  assert.equal(sha256(await readFile(join(rig.folder, name))), file.sha256);
}

scenario("a pasted link becomes a whole file, and a notification says so", async (rig) => {
  const file = rig.server.serve("/river.bin", { size: 5 * MB, seed: 1 });
  const app = await rig.start();
  await app.page.find(byTestId("empty-state"));

  const id = await app.add(file.url);
  const row = await app.until(id, "done");
  assert.equal(row.received, 5 * MB);
  assert.equal(row.total, 5 * MB);
  await arrived(rig, file, "river.bin");
  assert.equal(await app.shown(byTestId("empty-state")), false);

  const notification = await rig.bus.notification((one) =>
    `${one.summary} ${one.body}`.includes("river.bin"),
  );
  assert.ok(notification.app, "the notification names the application");
});

scenario("a finished file is opened with what the desktop opens files with", async (rig) => {
  const file = rig.server.serve("/open-me.bin", { size: 4096, seed: 8 });
  const bin = join(rig.temp, "bin");
  const opened = join(rig.temp, "opened");
  await mkdir(bin);
  await writeFile(join(bin, "xdg-open"), `#!/bin/sh\nprintf %s "$1" > "${opened}"\n`, { mode: 0o755 });
  const app = await rig.start({ env: { PATH: `${bin}:${process.env.PATH}` } });
  const id = await app.add(file.url);
  await app.until(id, "done");
  await app.press(id, "row-open");
  const path = await eventually("the file is opened", 10_000, () => readFile(opened, "utf8"));
  assert.equal(path, join(rig.folder, "open-me.bin"));
});

scenario("a download pauses, keeps its bytes and goes on from them", async (rig) => {
  const file = rig.server.serve("/pause.bin", { size: 8 * MB, seed: 2, rate: 2 * MB });
  const app = await rig.start();
  const id = await app.add(file.url);
  await app.until(id, (row) => row.state === "running" && row.received > MB);
  await app.press(id, "row-pause");
  const { received } = await app.until(id, "paused");
  assert.ok(received > MB);
  assert.deepEqual(await rig.files(), ["pause.bin.part"], "an unfinished file is recognisable");
  const [{ done }] = await stored(rig.home);
  assert.equal(count(done), received, "what the window shows as received is what the store keeps");
  const asked = rig.server.of(file.path).length;

  file.rate = null;
  file.held = done;
  await app.press(id, "row-resume");
  await app.until(id, "done");
  await arrived(rig, file, "pause.bin");
  const again = rig.server.of(file.path).slice(asked);
  assert.ok(again.length > 0);
  assert.equal(refetchedBytes(again, done), null);
});

scenario("removing an unfinished download leaves nothing behind", async (rig) => {
  const file = rig.server.serve("/cancel.bin", { size: 8 * MB, seed: 3, rate: MB });
  const app = await rig.start();
  const id = await app.add(file.url);
  await app.until(id, (row) => row.received > 0);
  await app.remove(id);
  await app.untilGone(id);
  // The removal can be undone for eight seconds; then it is carried out.
  await eventually("the folder is empty", 60_000, async () => (await rig.files()).length === 0);
});

scenario("removing a finished download keeps the file, or puts it into the trash", async (rig) => {
  const kept = rig.server.serve("/kept.bin", { size: MB, seed: 4 });
  const thrown = rig.server.serve("/thrown.bin", { size: MB, seed: 5 });
  const app = await rig.start();
  const first = await app.add(kept.url);
  const second = await app.add(thrown.url);
  await app.until(first, "done");
  await app.until(second, "done");

  await app.remove(first, "keep");
  await app.untilGone(first);
  await app.remove(second, "trash");
  await app.untilGone(second);
  await eventually(
    "the file leaves the folder",
    60_000,
    async () => !(await rig.files()).includes("thrown.bin"),
  );
  await arrived(rig, kept, "kept.bin");
  const trash = join(rig.temp, "data", "Trash", "files");
  assert.deepEqual(await readdir(trash), ["thrown.bin"], "the trash gives it back");
});

scenario("the list is there after the window was closed and opened again", async (rig) => {
  const done = rig.server.serve("/done.bin", { size: MB, seed: 6 });
  const halfway = rig.server.serve("/halfway.bin", { size: 8 * MB, seed: 7, rate: MB });
  let app = await rig.start();
  const first = await app.add(done.url);
  await app.until(first, "done");
  const second = await app.add(halfway.url);
  await app.until(second, (row) => row.received > MB);
  await app.close();

  halfway.rate = null;
  app = await rig.start();
  assert.equal((await app.until(first, "done")).received, MB);
  await app.until(second, "done");
  assert.deepEqual(await rig.files(), ["done.bin", "halfway.bin"]);
  assert.equal(sha256(await readFile(join(rig.folder, "halfway.bin"))), halfway.sha256);
});

scenario("a link on the command line starts, and a second start hands its link over", async (rig) => {
  const first = rig.server.serve("/first.bin", { size: MB, seed: 8 });
  const second = rig.server.serve("/second.bin", { size: MB, seed: 9 });
  const app = await rig.start({ args: [first.url] });
  const one = await eventually("the row of the first link", 10_000, async () => (await app.rows())[0]?.id);
  await app.until(one, "done");

  const other = start(appBinary(), [second.url], { env: rig.env });
  assert.equal(
    await Promise.race([other.ended, timeout(15_000)]),
    "ended with 0",
    "the second start ends by itself",
  );
  const two = await eventually(
    "its row",
    10_000,
    async () => (await app.rows()).find((row) => row.id !== one)?.id,
  );
  await app.until(two, "done");
  assert.deepEqual(await rig.files(), ["first.bin", "second.bin"]);
});

function timeout(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, "still running").unref());
}
