// One large file through the window and with the command line, in turn: does the window slow down the download? Knows
// both programs; measures nothing else.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openRig } from "../../e2e/rig/scenario.mjs";
import { webProcessOf } from "../../e2e/rig/processes.mjs";
import { measure, prepare, wrong } from "./measure.mjs";
import { watch, together } from "./process-usage.mjs";
import { openSite } from "./servers.mjs";

/** Downloads as the add dialog does; returns the milliseconds until the page is notified that the file is complete. */
const DOWNLOAD = `
  const [url, done] = arguments;
  const { transformCallback, invoke } = window.__TAURI_INTERNALS__;
  const began = performance.now();
  const onEvent = "__CHANNEL__:" + transformCallback(({ message }) => {
    if (message?.event === "finished") done({ id: message.data.downloadId, took: performance.now() - began });
    if (message?.event === "failed") done({ error: JSON.stringify(message.data) });
  });
  const onLog = "__CHANNEL__:" + transformCallback(() => {});
  invoke("download", { url, options: null, onEvent, onLog }).catch((error) => done({ error: JSON.stringify(error) }));
`;

/**
 * One file of `bytes` with each program in turn, from a server that sends `pace` bytes a second in total, or as fast as it
 * can without one. Seconds of each counted run, `{ app, cli, appCpu, cliCpu, pageCpu }`: wall time, and processor time of
 * the window's core, of the command line and of the page. The first round is a warm-up.
 */
export async function compareThrough({ app: binary, cli }, { bytes, runs, pace = null }) {
  const site = await openSite({
    big: bytes,
    limited: 1,
    far: 1,
    uneven: 1,
    few: 1,
    small: 1,
    count: 0,
    tiny: 1,
    tinyCount: 0,
  });
  const folder = join(site.root, "app");
  mkdirSync(folder);
  const rig = await openRig({ env: { MILLRACE_DOWNLOADS: folder } });
  try {
    const port = pace === null ? site.ports.plain : await site.paced("big.bin", pace);
    const url = `http://127.0.0.1:${port}/big.bin`;
    const wanted = new Map([["big.bin", site.sums.get("big.bin")]]);
    const app = await rig.start({ binary });
    const processes = { core: app.pid, web: await webProcessOf(app.pid) };
    const found = { app: [], cli: [], appCpu: [], cliCpu: [], pageCpu: [] };
    for (let round = 0; round <= runs; round += 1) {
      const { dir } = prepare(site.root, [url]);
      const alone = await measure(cli, ["get", "-q", "-d", dir, "-o", "big.bin", url], {
        root: site.root,
        seconds: 120,
      });
      const bad = alone.error ?? (await wrong(dir, wanted));
      if (bad) throw new Error(`the command line failed: ${bad}`);
      // Neither run may find the memory occupied by the other's file.
      rmSync(join(dir, "big.bin"), { force: true });
      const done = await watch(processes);
      const began = performance.now();
      const { id, took, error } = await app.page.runAsync(DOWNLOAD, url);
      const spent = await done();
      const watched = (performance.now() - began) / 100_000;
      const worse = error ?? (await wrong(folder, wanted));
      if (worse) throw new Error(`the window failed: ${worse}`);
      await app.page.runAsync(REMOVE, id);
      rmSync(join(folder, "big.bin"), { force: true });
      if (round === 0) continue;
      found.cli.push(alone.wall);
      found.app.push(took / 1000);
      found.cliCpu.push(alone.cpu);
      found.appCpu.push(together(spent.core) * watched);
      found.pageCpu.push(together(spent.web) * watched);
    }
    return found;
  } finally {
    await rig.close();
    await site.stop();
  }
}

const REMOVE = `
  const [id, done] = arguments;
  window.__TAURI_INTERNALS__.invoke("remove", { id, leftover: "keep" }).then(() => done(null), (error) => done(String(error)));
`;
