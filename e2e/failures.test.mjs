// Failures are described, offer the right button, keep the list intact, and leave nothing under the final name.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { filesSeenBy, readOnlyDisk, smallDisk } from "./rig/disk.mjs";
import { byTestId, rowOf } from "./rig/downloads.mjs";
import { online } from "./rig/network.mjs";
import { scenario } from "./rig/scenario.mjs";
import { eventually } from "./rig/webdriver.mjs";

const MB = 1024 * 1024;

/** Waits for the failure; checks its text, its button, that a restart shows the same, and the folder. */
async function fails(rig, link, { words, button, before = null, milliseconds = 30_000 }) {
  const fine = rig.server.serve("/fine.bin", { size: 1000, seed: 11 });
  let app = await rig.start({ before });
  const other = before === null ? await app.add(fine.url) : null;
  const id = await app.add(link);
  await app.until(id, "failed", milliseconds);
  await shows(app, id, words, button);
  if (other !== null) await app.until(other, "done");

  const seen = await filesSeenBy(app.pid, rig.folder);
  const finals = seen.filter((name) => !name.endsWith(".part") && name !== "fine.bin");
  assert.deepEqual(finals, [], "nothing is left under the final name");

  await app.close();
  app = await rig.start({ before });
  await app.until(id, "failed", milliseconds);
  await shows(app, id, words, button);
  if (other !== null) await app.until(other, "done");
  return { app, id };
}

/** Waits for the network and shows it, while downloads from local addresses continue; the same after a restart. */
async function waits(rig, link) {
  const fine = rig.server.serve("/fine.bin", { size: 1000, seed: 11 });
  let app = await rig.start();
  const id = await app.add(link);
  await app.until(id, "waiting");
  await says(app, id, /offline/i);
  const other = await app.add(fine.url);
  await app.until(other, "done");
  assert.deepEqual(await rig.files(), ["fine.bin"]);

  await app.close();
  app = await rig.start();
  await app.until(id, "waiting");
  await says(app, id, /offline/i);
}

/** Checks that the row shows the text and offers the button. */
async function shows(app, id, words, button) {
  await says(app, id, words);
  // The details have the button of a failure whose row is open in them.
  const around = `:is(${rowOf(id)}, ${byTestId("details")}[data-id="${id}"])`;
  assert.match(await app.page.text(`${around} ${byTestId(button.testId)}`), button.label);
}

async function says(app, id, words) {
  await eventually(`the words ${words}`, 5000, async () => {
    const text = await app.page.text(`${rowOf(id)} ${byTestId("problem")}`);
    if (!words.test(text)) throw new Error(text);
    return true;
  });
}

const newLink = { testId: "row-fix", label: /new link/i };
const otherFolder = { testId: "row-fix", label: /folder/i };
const tryAgain = { testId: "row-retry", label: /retry/i };

scenario("text that is no link is refused in the dialog, and nothing is added", async (rig) => {
  const app = await rig.start();
  for (const [text, words] of [
    ["not a link", /isn’t a link/i],
    ["ftp://example.org/file", /http/i],
  ]) {
    await app.page.click(byTestId("add-open"));
    await app.page.type(byTestId("add-url"), text);
    await app.page.click(byTestId("add-start"));
    await eventually(`the dialog says ${words}`, 5000, async () =>
      words.test(await app.page.text(byTestId("field-error"))),
    );
    await app.page.press("Escape");
    await eventually("the dialog closes", 5000, async () => !(await app.shown(byTestId("add-url"))));
  }
  assert.deepEqual(await app.rows(), []);
  assert.deepEqual(await rig.files(), []);
});

scenario(
  "a host that nobody knows is given up; without any network it is waited for",
  async (rig) => {
    const link = "http://nobody-here.invalid/file.bin";
    if (!(await online())) return waits(rig, link);
    await fails(rig, link, {
      words: /nobody-here\.invalid/,
      button: newLink,
      milliseconds: 90_000,
    });
  },
  { timeout: 240_000 },
);

scenario(
  "a port that takes no connections",
  async (rig) => {
    const port = await unusedPort();
    await fails(rig, `http://127.0.0.1:${port}/file.bin`, {
      words: new RegExp(`127\\.0\\.0\\.1:${port}`),
      button: tryAgain,
      milliseconds: 90_000,
    });
  },
  { timeout: 240_000 },
);

scenario("a link to nothing (404)", async (rig) => {
  const gone = rig.server.serve("/gone.bin", { status: 404 });
  await fails(rig, gone.url, { words: /404/, button: newLink });
});

scenario("a full disk", async (rig) => {
  const big = rig.server.serve("/big.bin", { size: 8 * MB, seed: 12 });
  await fails(rig, big.url, {
    words: /not enough space/i,
    button: tryAgain,
    before: smallDisk(rig.folder, 2 * MB),
  });
});

scenario("a folder that may not be written", async (rig) => {
  const file = rig.server.serve("/file.bin", { size: MB, seed: 13 });
  await fails(rig, file.url, {
    words: /can’t write/i,
    button: otherFolder,
    before: readOnlyDisk(rig.folder),
  });
});

scenario("a connection that breaks off is taken up again by itself", async (rig) => {
  const file = rig.server.serve("/broken.bin", { size: 4 * MB, seed: 14, dropAfter: MB, drops: 2 });
  const app = await rig.start();
  // With several connections, none would receive the megabyte after which this one breaks off.
  const id = await app.add(file.url, { connections: 1 });
  await app.until(id, "done", 60_000);
  assert.deepEqual(await rig.files(), ["broken.bin"]);
  const asked = rig.server.of(file.path).map((request) => request.from);
  assert.ok(asked.length >= 3 && asked.at(-1) >= MB, `it went on where it was: asked from ${asked}`);
});

/** A port that was in use a moment ago and is free now. */
async function unusedPort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
