// `npm run screenshots`: the real application with real downloads from a server on the loopback, at two sizes, light and
// dark, into docs/screenshots/. Nothing in the pictures is made up but the names of the files.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hook } from "../e2e/rig/downloads.mjs";
import { openRig } from "../e2e/rig/scenario.mjs";
import { eventually } from "../e2e/rig/webdriver.mjs";
import { buildApp, buildPages } from "./lib/build.mjs";
import { root } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const MB = 1_000_000;
const sizes = [
  [1280, 800],
  [390, 844],
];
const folder = join(root, "docs", "screenshots");

/** What the list shows: each link with what its server does, and what is waited for. */
const cast = [
  { path: "/field-recordings-2026.flac", size: 42 * MB, until: "done" },
  { path: "/millrace-handbook.pdf", size: 8 * MB, until: "done" },
  { path: "/old-map-of-the-valley.tiff", status: 404, until: "failed" },
  { path: "/weather-model-run-06z.tar.zst", size: 64 * MB, rate: 4 * MB, until: "running", pause: 21 * MB },
  { path: "/night-train.mkv", size: 160 * MB, rate: 3 * MB, until: "running" },
  { path: "/archlinux-mirror.iso", size: 96 * MB, rate: 1.7 * MB, until: "running" },
  { path: "/dataset-rivers-of-europe.parquet", size: 120 * MB, rate: 2.4 * MB, until: "running" },
];

async function shoot(theme) {
  const rig = await openRig({
    display: { width: 1400, height: 1000 },
    env: { GTK_THEME: theme === "dark" ? "Adwaita:dark" : "Adwaita" },
  });
  try {
    const app = await rig.start();
    const dark = await app.page.run("return matchMedia('(prefers-color-scheme: dark)').matches");
    if (dark !== (theme === "dark")) throw new Error(`the page does not follow the ${theme} theme`);
    const picture = async (what) => {
      for (const [width, height] of sizes) {
        await resize(app.page, width, height);
        await writeFile(join(folder, `${what}-${width}x${height}-${theme}.png`), await app.page.screenshot());
      }
      await resize(app.page, ...sizes[0]);
    };
    await resize(app.page, ...sizes[0]);
    await app.page.find(hook("empty-state"));
    await picture("empty");

    const ids = new Map();
    for (const { path, until, pause, ...behaviour } of cast) {
      const file = rig.server.serve(path, { seed: path, ...behaviour });
      const id = await app.add(file.url);
      ids.set(path, id);
      if (pause) {
        await app.until(id, (row) => row.received > pause);
        await app.press(id, "row-pause");
      } else {
        await app.until(id, until);
      }
    }
    // Speeds are means of five seconds; before, they are not what they will be.
    await sleep(8000);
    await app.select(ids.get("/night-train.mkv"));
    await toastsGone(app);
    await picture("list");

    await app.select(ids.get("/old-map-of-the-valley.tiff"));
    await picture("failure");

    await app.closeDetails();
    await app.page.click(hook("add-open"));
    await app.page.type(hook("add-url"), `${rig.server.origin}/spring-lectures.zip`);
    await picture("add");
  } finally {
    await rig.close();
  }
}

async function resize(page, width, height) {
  await page.resize(width, height);
  await eventually(`the page is ${width}x${height}`, 5000, async () => {
    const size = await page.run("return innerWidth + 'x' + innerHeight");
    if (size !== `${width}x${height}`) throw new Error(size);
    return true;
  });
  // Time for what moves when the layout changes.
  await sleep(600);
}

async function toastsGone(app) {
  await eventually("the toasts leave", 20_000, async () => !(await app.shown(hook("toast"))));
}

try {
  await setup({ tests: true });
  const failed = (await buildPages()) ?? (await run(...buildApp(), { minutes: 60 }));
  if (failed) throw new Error(`the build ${failed}`);
  await mkdir(folder, { recursive: true });
  for (const theme of ["light", "dark"]) await shoot(theme);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
