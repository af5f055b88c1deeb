// `npm start -- LINK` as a user types it: sets up, builds what has changed, opens the window and downloads.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/lib/paths.mjs";
import { start } from "./rig/processes.mjs";
import { scenario } from "./rig/scenario.mjs";
import { eventually } from "./rig/webdriver.mjs";

scenario(
  "npm start with a link brings 200 MB whole",
  async (rig) => {
    const file = rig.server.serve("/large.bin", { size: 200_000_000, seed: 18 });
    // The build tools are in the real home folder.
    const npm = start("npm", ["start", "--", file.url], {
      env: { ...rig.env, HOME: process.env.HOME },
      cwd: root,
    });
    try {
      await eventually("the file has its name", 300_000, async () =>
        (await rig.files()).includes("large.bin"),
      );
      const hash = createHash("sha256");
      for await (const piece of createReadStream(join(rig.folder, "large.bin"))) hash.update(piece);
      assert.equal(hash.digest("hex"), file.sha256);
    } catch (error) {
      throw new Error(`${error.message}\n${npm.lines.slice(-20).join("\n")}`);
    } finally {
      await npm.stop();
    }
  },
  { timeout: 400_000 },
);
