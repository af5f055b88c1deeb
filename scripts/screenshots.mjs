// `npm run screenshots`: the real application with real downloads from a server on loopback, at two sizes, light and
// dark, into docs/screenshots/. Only the file names in the pictures are made up.
import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { byTestId, rowOf } from "../e2e/rig/downloads.mjs";
import { openRig } from "../e2e/rig/scenario.mjs";
import { eventually } from "../e2e/rig/webdriver.mjs";
import { buildApp, buildPages } from "./lib/build.mjs";
import { root } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const MB = 1_000_000;
const desktop = [1280, 800];
const phone = [390, 844];
const folder = join(root, "docs", "screenshots");

/** Scales to a third of the size, if Python has Pillow. */
const smaller = `
import sys
from PIL import Image
picture = Image.open(sys.argv[1]).convert("RGB")
picture.quantize(255, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(sys.argv[1], optimize=True)
`;

/** The downloads in the list: each link with its server's behaviour, and the state to wait for. */
const cast = [
  { path: "/field-recordings-2026.flac", size: 42 * MB, until: "done" },
  { path: "/millrace-handbook.pdf", size: 8 * MB, until: "done" },
  { path: "/spring-lectures.zip", size: 64 * MB, rate: 6 * MB, until: "running", pause: 30 * MB },
  { path: "/old-map-of-the-valley.tiff", status: 404, until: "failed" },
  { path: "/weather-model-run-06z.tar.zst", size: 64 * MB, rate: 4 * MB, until: "running", pause: 21 * MB },
  { path: "/night-train.mkv", size: 400 * MB, rate: 3 * MB, until: "running" },
  { path: "/boot-image-arm64.iso", size: 240 * MB, rate: 1.7 * MB, until: "running" },
  { path: "/dataset-rivers-of-europe.parquet", size: 320 * MB, rate: 2.4 * MB, until: "running" },
];

async function shoot(theme) {
  const rig = await openRig({
    display: { width: 1400, height: 1000 },
    env: { GTK_THEME: theme === "dark" ? "Adwaita:dark" : "Adwaita" },
  });
  try {
    const app = await rig.start();
    const { page } = app;
    const dark = await page.run("return matchMedia('(prefers-color-scheme: dark)').matches");
    if (dark !== (theme === "dark")) throw new Error(`the page does not follow the ${theme} theme`);
    const picture = async (what, sizes = [desktop, phone]) => {
      for (const [width, height] of sizes) {
        await page.fit(width, height);
        const file = join(folder, `${what}-${width}x${height}-${theme}.png`);
        await writeFile(file, await page.screenshot());
        spawnSync("python3", ["-c", smaller, file]);
      }
      await page.fit(...desktop);
    };
    await page.fit(...desktop);
    await page.find(byTestId("empty-state"));
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
    // Speeds are means over five seconds; before that they are not settled.
    await sleep(8000);
    const train = ids.get("/night-train.mkv");
    await app.select(train);
    await toastsGone(app);
    await picture("list", [desktop]);
    // On a phone the details would cover the list.
    await app.closeDetails();
    await picture("list", [phone]);

    await app.select(train);
    for (const tab of ["overview", "speed", "log", "options"]) {
      await app.tab(tab);
      // The picture of the list already shows the overview.
      await picture(`details-${tab}`, tab === "overview" ? [phone] : [desktop, phone]);
    }
    await app.tab("overview");
    await app.select(ids.get("/old-map-of-the-valley.tiff"));
    await picture("failure");
    await app.closeDetails();

    await page.drag([await page.at(`${rowOf(train)} .name`)], { button: 2 });
    await page.find(byTestId("menu-copy"));
    await picture("menu", [desktop]);
    await page.press("Escape");
    await page.press("F1");
    await page.find(byTestId("shortcuts"));
    await picture("shortcuts", [desktop]);
    await page.press("Escape");

    if (theme === "light") {
      for (const language of ["de", "zh"]) {
        await speak(page, language);
        await app.select(train);
        await picture(`list-${language}`, [desktop]);
        await app.closeDetails();
        await picture(`list-${language}`, [phone]);
      }
      await speak(page, null);
    }

    rig.server.serve("/harbour-panorama.tiff", { size: 84 * MB, seed: 9 });
    await page.click(byTestId("add-open"));
    await paste(page, `${rig.server.origin}/harbour-panorama.tiff`);
    await page.find(`${byTestId("look")}[data-state="found"]`);
    await picture("add");
    await page.click(byTestId("add-more"));
    await page.find(byTestId("add-proxy"));
    await picture("add-more");
    await page.click(byTestId("add-more"));
    const pages = [1, 2, 3, 4].map((n) => ({
      path: `/survey-1911-sheet-0${n}.tiff`,
      size: (20 + 3 * n) * MB,
    }));
    for (const { path, size } of pages) rig.server.serve(path, { size, seed: path });
    await paste(page, `${rig.server.origin}/survey-1911-sheet-[01-04].tiff`);
    await eventually("the sizes", 15_000, async () => /together/.test(await page.text(byTestId("many-sum"))));
    await picture("many");
    await page.press("Escape");

    const spring = rig.server.origin + "/spring-lectures.zip";
    await page.click(byTestId("add-open"));
    await paste(page, spring);
    await page.find(`${byTestId("look")}[data-state="found"]`);
    await page.click(byTestId("add-start"));
    await page.find(byTestId("same"));
    await picture("duplicate");
    await page.press("Escape");
    await page.find(byTestId("add-url"));
    await page.press("Escape");

    await page.click(byTestId("settings-open"));
    for (const part of ["files", "speed", "network", "looks"]) {
      await page.fit(...desktop);
      await page.click(byTestId(`settings-go-${part}`));
      await page.find(`[data-part="${part}"]`);
      await picture(`settings-${part}`, [desktop]);
      await page.fit(...phone);
      await page.click(byTestId(`settings-go-${part}`));
      await page.find(`[data-part="${part}"]`);
      await picture(`settings-${part}`, [phone]);
      await page.click(byTestId("modal-back"));
    }
    await page.press("Escape");

    await app.press(ids.get("/weather-model-run-06z.tar.zst"), "row-remove");
    await page.find(byTestId("toast-action"));
    // Before its message disappears.
    await picture("undo");
    await page.click(byTestId("toast-action"), 2000).catch(() => undefined);
  } finally {
    await rig.close();
  }
}

/** Pastes a link into the add dialog: typed keys may come out as those of another keyboard layout. */
async function paste(page, link) {
  await page.find(byTestId("add-url"));
  await page.run(
    `const field = document.querySelector(arguments[0]);
     field.focus();
     field.select();
     document.execCommand("insertText", false, arguments[1]);`,
    byTestId("add-url"),
    link,
  );
}

/** Changes the language as the settings would. */
async function speak(page, language) {
  await page.runAsync(
    `const [language, done] = arguments;
     const { invoke } = window.__TAURI_INTERNALS__;
     invoke("settings")
       .then((settings) => invoke("change_settings", { settings: { ...settings, language } }))
       .then(() => done(null), (error) => done(String(error)));`,
    language,
  );
  await page.reload();
  await page.find(byTestId("download-row"));
}

async function toastsGone(app) {
  await eventually("the toasts leave", 20_000, async () => !(await app.shown(byTestId("toast"))));
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
