// `npm run screenshots`: the real application with real downloads from a server on loopback, at two sizes, light and
// dark (`-- light` or `-- dark`: only that), into docs/screenshots/. Only the names of files, hosts and the user are made
// up: the server is the application's proxy, and the home folder is mounted under another name. The pictures keep all
// their colours.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { byTestId, rowOf } from "../e2e/rig/downloads.mjs";
import { openRig } from "../e2e/rig/scenario.mjs";
import { eventually } from "../e2e/rig/webdriver.mjs";
import { buildApp, buildPages } from "./lib/build.mjs";
import { root } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";
import { setup, system } from "./setup.mjs";

const MB = 1_000_000;
const desktop = [1280, 800];
const phone = [390, 844];
const folder = join(root, "docs", "screenshots");

/** The user's home in the pictures. */
const home = "/home/mira";
const hosts = ["files.example.org", "media.example.net", "mirror.example.com"];
/** Answers 503, which holds back all other downloads from the same host. */
const busy = { path: "/river-levels-1998-2025.csv.gz", host: "data.example.edu" };
/** The link of a path; each file has one host. */
const linkOf = (path) =>
  `http://${path === busy.path ? busy.host : hosts[path.length % hosts.length]}${path}`;

/** The downloads in the list: each link with its server's behaviour, and the state to wait for. */
const cast = [
  { path: "/field-recordings-2026.flac", size: 42 * MB, until: "done" },
  { path: "/millrace-handbook.pdf", size: 8 * MB, until: "done" },
  { path: "/spring-lectures.zip", size: 64 * MB, rate: 6 * MB, until: "running", pause: 30 * MB },
  { path: "/old-map-of-the-valley.tiff", status: 404, until: "failed" },
  { path: "/weather-model-run-06z.tar.zst", size: 64 * MB, rate: 4 * MB, until: "running", pause: 21 * MB },
  { path: "/night-train.mkv", size: 400 * MB, rate: 1.6 * MB, until: "running" },
  { path: busy.path, status: 503, retryAfter: 900, until: "waiting" },
  { path: "/boot-image-arm64.iso", size: 240 * MB, rate: 0.9 * MB, until: "running" },
  { path: "/dataset-rivers-of-europe.parquet", size: 320 * MB, rate: 1.3 * MB, until: "running" },
];
/** What waits for its turn once as many downloads run as may. */
const queued = ["/lecture-07-hydraulics.mp4", "/field-notes-scans.pdf", "/nightly-build.deb"];

/** Starts with the rig's server as its proxy and its folder as the user's. */
function begin(rig) {
  const env = { http_proxy: rig.server.origin, no_proxy: "127.0.0.1,localhost" };
  // A tmpfs over /home would hide a checkout that is below it.
  if (root.startsWith("/home/")) return rig.start({ env });
  const before = ["mount -t tmpfs none /home", `mkdir -p ${home}`, `mount --bind "${rig.temp}" ${home}`].join(
    "\n",
  );
  return rig.start({ before, env: { ...env, HOME: home, MILLRACE_DOWNLOADS: `${home}/Downloads` } });
}

async function shoot(theme) {
  const rig = await openRig({
    display: { width: 1400, height: 1000 },
    env: { GTK_THEME: theme === "dark" ? "Adwaita:dark" : "Adwaita" },
  });
  try {
    await mkdir(join(rig.temp, "Downloads"));
    const app = await begin(rig);
    const { page } = app;
    const dark = await page.run("return matchMedia('(prefers-color-scheme: dark)').matches");
    if (dark !== (theme === "dark")) throw new Error(`the page does not follow the ${theme} theme`);
    const picture = async (what, sizes = [desktop, phone]) => {
      for (const [width, height] of sizes) {
        await page.fit(width, height);
        await writeFile(join(folder, `${what}-${width}x${height}-${theme}.png`), await page.screenshot());
      }
      await page.fit(...desktop);
    };
    await page.fit(...desktop);
    await page.find(byTestId("empty-state"));
    await picture("empty");

    const ids = new Map();
    for (const { path, until, pause, ...behaviour } of cast) {
      rig.server.serve(path, { seed: path, ...behaviour });
      const id = await app.add(linkOf(path));
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
    for (const tab of ["overview", "log", "options"]) {
      await app.tab(tab);
      // The picture of the list already shows the overview.
      await picture(`details-${tab}`, tab === "overview" ? [phone] : [desktop, phone]);
    }
    await app.tab("overview");
    await app.select(ids.get("/old-map-of-the-valley.tiff"));
    await picture("failure");
    await app.closeDetails();

    await app.select(ids.get("/field-recordings-2026.flac"));
    await picture("verdict");
    await app.closeDetails();

    await page.press("F1");
    await page.find(byTestId("shortcuts"));
    await picture("shortcuts", [desktop]);
    await page.press("Escape");

    await page.click(`${rowOf(train)} .kind`);
    await app.closeDetails();
    await page.press("Shift+ArrowDown");
    await page.press("Shift+ArrowDown");
    await picture("selection", [desktop]);
    await app.press(ids.get("/millrace-handbook.pdf"), "row-remove");
    await page.find(byTestId("remove-trash"));
    await picture("remove");
    await page.press("Escape");
    await eventually("the dialog closes", 5000, async () => !(await app.shown(byTestId("remove-trash"))));

    await page.fit(...phone);
    await page.touch([await page.at(`${rowOf(train)} .name`)], { still: 700 });
    await page.find(byTestId("selected-more"));
    await picture("selection", [phone]);
    await page.fit(...phone);
    await page.click(byTestId("selected-more"));
    await page.find(byTestId("menu-copy"));
    await picture("menu", [phone]);
    await page.press("Escape");
    await page.fit(...phone);
    await page.click(byTestId("select-end"));
    await page.fit(...desktop);

    await page.click(byTestId("slow"));
    await page.find(`${byTestId("slow")}[aria-checked="true"]`);
    await picture("slow-mode");
    await page.click(byTestId("slow"));
    await page.type(byTestId("search"), "wea");
    await picture("search", [desktop]);
    await page.click(byTestId("strip-show-all"));
    await page.run("document.documentElement.dir = 'rtl'");
    await picture("right-to-left");
    await page.run("document.documentElement.dir = 'ltr'");

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

    await app.closeDetails();
    rig.server.serve("/harbour-panorama.tiff", { size: 84 * MB, seed: 9 });
    await page.click(byTestId("add-open"));
    await paste(page, linkOf("/harbour-panorama.tiff"));
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
    await paste(page, `http://${hosts[0]}/survey-1911-sheet-[01-04].tiff`);
    await eventually("the sizes", 15_000, async () => /total/.test(await page.text(byTestId("many-sum"))));
    await picture("many");
    await paste(
      page,
      `curl '${linkOf("/harbour-panorama.tiff")}' -H 'Accept: image/tiff' -b 'session=1911' --limit-rate 2M`,
    );
    await page.find(`${byTestId("look")}[data-state="found"]`);
    await picture("curl");
    await page.press("Escape");

    await page.click(byTestId("add-open"));
    await paste(page, linkOf("/spring-lectures.zip"));
    await page.find(`${byTestId("look")}[data-state="found"]`);
    await page.click(byTestId("add-start"));
    await page.find(byTestId("same"));
    await picture("duplicate");
    await page.press("Escape");
    await page.find(byTestId("add-url"));
    await page.press("Escape");

    await page.click(byTestId("settings-open"));
    for (const part of ["looks", "files", "speed", "network", "data", "about"]) {
      await page.fit(...desktop);
      await page.click(byTestId(`settings-go-${part}`));
      await page.find(`[data-part="${part}"]`);
      await picture(`settings-${part}`, [desktop]);
      await page.fit(...phone);
      await page.click(byTestId(`settings-go-${part}`));
      await page.find(`[data-part="${part}"]`);
      await picture(`settings-${part}`, [phone]);
      await page.fit(...phone);
      await page.click(byTestId("modal-back"));
    }
    await page.fit(...desktop);
    await page.press("Escape");

    await app.closeDetails();
    await app.press(ids.get("/weather-model-run-06z.tar.zst"), "row-remove");
    await page.find(byTestId("toast-action"));
    // Before its message disappears.
    await picture("undo");
    await page.click(byTestId("toast-action"), 2000).catch(() => undefined);

    await change(page, { parallel: 3 });
    for (const path of queued) {
      rig.server.serve(path, { size: 90 * MB, seed: path, rate: MB });
      await app.until(await app.add(linkOf(path)), "queued");
      await app.closeDetails();
    }
    await page.click(byTestId("sort"));
    await page.click(byTestId("sort-queue"));
    await page.find(".movable");
    await toastsGone(app);
    await picture("queue");

    // The driver dispatches no pointerdown after a drag with the right button, so this comes late.
    await page.drag([await page.at(`${rowOf(train)} .name`)], { button: 2 });
    await page.find(byTestId("menu-copy"));
    await picture("menu", [desktop]);
    await page.press("Escape");

    // Requests of the page never reach the core from now on.
    await page.run("window.fetch = () => new Promise(() => undefined)");
    await page.find(byTestId("lost"), 20_000);
    await picture("connection-lost");
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

/** Changes settings as their dialog would. */
function change(page, settings) {
  return page.runAsync(
    `const [change, done] = arguments;
     const { invoke } = window.__TAURI_INTERNALS__;
     invoke("settings")
       .then((settings) => invoke("change_settings", { settings: { ...settings, ...change } }))
       .then(() => done(null), (error) => done(String(error)));`,
    settings,
  );
}

async function speak(page, language) {
  await change(page, { language });
  await page.reload();
  await page.find(byTestId("download-row"));
}

async function toastsGone(app) {
  await eventually("the toasts leave", 20_000, async () => !(await app.shown(byTestId("toast"))));
}

try {
  await setup({ tests: true });
  await system(["fonts-noto-cjk"]);
  const failed = (await buildPages()) ?? (await run(...buildApp(), { minutes: 60 }));
  if (failed) throw new Error(`the build ${failed}`);
  await mkdir(folder, { recursive: true });
  const themes = ["light", "dark"];
  const asked = process.argv.slice(2).filter((one) => themes.includes(one));
  for (const theme of asked.length > 0 ? asked : themes) await shoot(theme);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
