// Finished files, dragged out of the window onto another program with the pointer of the display.
import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { byTestId, rowOf } from "./rig/downloads.mjs";
import { startDropTarget } from "./rig/drop-target.mjs";
import { scenario } from "./rig/scenario.mjs";

scenario(
  "finished rows are dragged onto another program, which may copy their files and nothing else",
  async (rig) => {
    const names = ["a file.bin", "50% #1.bin"];
    const app = await rig.start();
    const { page } = app;
    await page.fit(1100, 800);
    const ids = [];
    for (const name of names) {
      const file = rig.server.serve(`/${encodeURIComponent(name)}`, { size: 40_000, seed: 61 });
      ids.push(await app.add(file.url));
      await app.until(ids.at(-1), "done");
    }
    const target = await startDropTarget(rig.env, { left: 1200, top: 100, width: 180, height: 600 });
    try {
      const [first, second] = ids;
      const onScreen = async (id) => {
        const [x, y] = await page.at(`${rowOf(id)} .name`, [0.3, 0.5]);
        const [left, top] = await page.run(
          "return [screenX + outerWidth - innerWidth, screenY + outerHeight - innerHeight]",
        );
        return [left + x, top + y];
      };
      const address = (name) => pathToFileURL(join(rig.folder, name)).href;

      // one that is not selected goes alone
      await app.select(second);
      const one = await target.drop(await onScreen(first));
      assert.deepEqual(one.addresses, [address(names[0])]);
      assert.deepEqual(one.actions, ["copy"]);
      assert.deepEqual(await app.chosen(), [first]);

      // the list takes presses as before, and all that are selected go together
      await page.click(`${rowOf(second)} .name`);
      assert.deepEqual(await app.chosen(), [second]);
      await page.press("Control+a");
      const both = await target.drop(await onScreen(first));
      assert.deepEqual(both.addresses.toSorted(), names.map(address).toSorted());
      assert.deepEqual((await rig.files()).toSorted(), names.toSorted());

      // a file that is not the one that was downloaded stays where it is
      await rm(join(rig.folder, names[0]));
      await writeFile(join(rig.folder, names[0]), "mine");
      await page.click(`${rowOf(first)} .name`);
      const offered = target.offers().length;
      await target.drag(await onScreen(first), "that is said", () => app.shown(byTestId("toast")));
      assert.equal(target.offers().length, offered);
    } finally {
      await target.stop();
    }
  },
  { timeout: 180_000 },
);
