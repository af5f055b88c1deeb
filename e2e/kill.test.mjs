// Kills the application at random moments, ten times during one download; the file is complete and correct, and no byte
// that was stored as done is requested again.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { scenario } from "./rig/scenario.mjs";
import { sha256 } from "./rig/server.mjs";
import { refetchedBytes, count, stored } from "./rig/database.mjs";

const MB = 1024 * 1024;
const KILLS = 10;

scenario(
  "ten kills at random moments cost no stored byte",
  async (rig) => {
    const seed = Number(process.env.MILLRACE_SEED ?? Date.now() % 1_000_000_007);
    console.log(`the moments come from MILLRACE_SEED=${seed}`);
    const random = randomFrom(seed);
    const file = rig.server.serve("/killed.bin", { size: 48 * MB, seed: 10, rate: 2 * MB });

    let app = await rig.start({ args: [file.url] });
    let kept = 0;
    // Ranges stored as done at the previous start, and the number of requests until then.
    let before = { done: [], asked: 0 };
    for (let kill = 1; kill <= KILLS; kill++) {
      const moment = Math.floor(random() * 2000);
      await sleep(moment);
      await app.kill();
      const since = rig.server.of(file.path).slice(before.asked);
      assert.equal(refetchedBytes(since, before.done), null, `before kill ${kill}`);
      const [download] = await stored(rig.home);
      const done = download?.done ?? [];
      const bytes = count(done);
      console.log(
        `kill ${kill} after ${moment} ms: ${download?.state ?? "not stored yet"}, ${bytes} bytes stored as done`,
      );
      assert.ok(bytes >= kept, `the store forgot bytes: ${kept} before, ${bytes} now`);
      assert.ok(!(await rig.files()).includes("killed.bin"), "an unfinished file has no final name");
      kept = bytes;

      const asked = rig.server.of(file.path).length;
      before = { done, asked };
      file.held = done;
      if (kill === KILLS) file.rate = null;
      // The first kill may come before the link is stored; then it is passed again.
      app = await rig.start({ args: download ? [] : [file.url] });
      if (kill === KILLS) {
        const { id } = (await stored(rig.home))[0];
        await app.until(String(id), "done", 60_000);
      } else {
        await sleep(300);
      }
      assert.equal(refetchedBytes(rig.server.of(file.path).slice(asked), done), null, `after kill ${kill}`);
    }

    assert.ok(kept > 0, "something was stored before the last kill, or this test proved nothing");
    assert.deepEqual(await rig.files(), ["killed.bin"]);
    assert.equal(sha256(await readFile(join(rig.folder, "killed.bin"))), file.sha256);
  },
  { timeout: 240_000 },
);

/** Numbers from 0 to 1, determined by the seed (mulberry32). */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
