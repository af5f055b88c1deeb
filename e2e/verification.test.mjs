// The verification of finished files: from the menu and the details, by keyboard and pointer, with a file that was changed
// on the disk and with a checksum file beside the link.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { accessible } from "./rig/axe.mjs";
import { byTestId, rowOf } from "./rig/downloads.mjs";
import { scenario } from "./rig/scenario.mjs";
import { eventually } from "./rig/webdriver.mjs";

const textOf = (page, id) =>
  page.run("return document.querySelector(arguments[0])?.textContent ?? ''", byTestId(id));
const says = (page, id, words) =>
  eventually(`${id} says ${words}`, 20_000, async () => (await textOf(page, id)).includes(words));

/** Dismisses the messages, which lie over the lower part of the details. */
const dismissMessages = (page) =>
  eventually("no message is shown", 10_000, () =>
    page.run(
      `const shown = document.querySelectorAll(arguments[0]);
      for (const close of shown) close.click();
      return shown.length === 0;`,
      `${byTestId("toast")} .icon-button`,
    ),
  );

/** Downloads the file and opens its details; returns the page. */
async function finishedAndOpen(rig, file) {
  const app = await rig.start();
  const { page } = app;
  const id = await app.add(file.url);
  await app.until(id, "done");
  await page.click(`${rowOf(id)} .name`);
  await page.press("Control+i");
  await page.find(byTestId("verification"));
  return page;
}

scenario(
  "a finished file is compared with a checksum, and one that was changed since is told",
  async (rig) => {
    const file = rig.server.serve("/image.bin", { size: 400_000, seed: 61 });
    const page = await finishedAndOpen(rig, file);
    await page.click(byTestId("compare-checksum"));
    await page.write(`${file.sha256.toUpperCase()}  image.bin`);
    await page.press("Enter");
    await says(page, "verdict", "SHA-256 matches your checksum");
    assert.equal(await textOf(page, "digest"), file.sha256);
    const mistyped = "0".repeat(64);
    await page.click(byTestId("compare-checksum"));
    await page.write(mistyped);
    await page.press("Enter");
    await says(page, "compared", "SHA-256 doesn’t match the value you entered");
    assert.equal(await textOf(page, "digest-expected"), mistyped);
    await says(page, "verdict", "SHA-256 matches your checksum");
    await accessible(page, "the verification");
    const path = join(rig.folder, "image.bin");
    const bytes = await readFile(path);
    bytes[1000] ^= 1;
    await writeFile(path, bytes);
    await dismissMessages(page);
    await page.click(byTestId("verify"));
    await says(page, "verdict", "is not the one that was downloaded");
    assert.equal(await textOf(page, "digest-expected"), file.sha256);
    assert.deepEqual(await readFile(path), bytes, "the file stays as it is");
  },
);

scenario("a checksum beside the link is found on the press only", async (rig) => {
  const file = rig.server.serve("/found.bin", { size: 40_000, seed: 62 });
  const page = await finishedAndOpen(rig, file);
  assert.equal(rig.server.of("/found.bin.sha256").length, 0, "nothing is asked by itself");
  await page.click(byTestId("find-checksum"));
  await says(page, "verification-said", "No checksum found beside the link");
  const list = rig.server.serve("/SHA256SUMS", { size: 0 });
  list.bytes = Buffer.from(`${"0".repeat(64)}  other.bin\n${file.sha256} *found.bin\n`);
  list.size = list.bytes.length;
  await page.click(byTestId("find-checksum"));
  await says(page, "verdict", `SHA-256 matches SHA256SUMS at ${new URL(file.url).host}`);
});
