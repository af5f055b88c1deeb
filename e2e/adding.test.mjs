// Adding in the real window: requests while the dialog is open, patterns, commands, duplicates; by pointer and by
// keyboard alone, in the desktop and the phone layout, with axe on each view.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { accessible } from "./rig/axe.mjs";
import { byTestId } from "./rig/downloads.mjs";
import { scenario } from "./rig/scenario.mjs";
import { sha256 } from "./rig/server.mjs";
import { eventually } from "./rig/webdriver.mjs";

const MB = 1024 * 1024;
const sizes = [
  [1280, 800],
  [390, 844],
];

/** Inserts text at the focus in one step, as pasting does. */
const paste = (page, text) => page.run("document.execCommand('insertText', false, arguments[0])", text);

async function openWith(app, text) {
  await app.page.click(byTestId("add-open"));
  await app.page.find(byTestId("add-url"));
  await app.page.run(`document.querySelector('${byTestId("add-url")}').focus()`);
  await app.page.press("Control+a");
  await paste(app.page, text);
}
const looked = (page, state) => page.find(`${byTestId("look")}[data-state="${state}"]`, 20_000);
const closed = (app) =>
  eventually("the dialog closes", 10_000, async () => !(await app.shown(byTestId("add-url"))));
const valueOf = (page, name) => page.run(`return document.querySelector('${byTestId(name)}').value`);
const listed = (app, count) =>
  eventually(`${count} rows`, 15_000, async () => (await app.rows()).length === count);
const finished = (app) =>
  eventually("all are done", 30_000, async () => (await app.rows()).every((row) => row.state === "done"));

scenario("a link that works once is looked at and downloaded with one question", async (rig) => {
  const file = rig.server.serve("/once.bin", { size: 3 * MB, seed: 51, once: true, ranges: false });
  const app = await rig.start();
  await openWith(app, file.url);
  await looked(app.page, "found");
  assert.match(await app.page.text(byTestId("look-size")), /3\.15.MB/);
  assert.match(await app.page.text(byTestId("look-resumable")), /can’t be resumed/i);
  assert.equal(await valueOf(app.page, "add-name"), "once.bin");
  await app.page.click(byTestId("add-start"));
  await closed(app);
  await listed(app, 1);
  await finished(app);
  assert.equal(sha256(await readFile(join(rig.folder, "once.bin"))), file.sha256);
  assert.equal(rig.server.of(file.path).length, 1, "the server was asked once");
});

for (const [width, height] of sizes) {
  scenario(
    `a pattern becomes a table, and what is ticked is added at once, at ${width}x${height}`,
    async (rig) => {
      const files = [1, 2, 3].map((n) => rig.server.serve(`/page-0${n}.bin`, { size: n * MB, seed: 60 + n }));
      const app = await rig.start();
      const { page } = app;
      await page.fit(width, height);
      await openWith(app, `${rig.server.origin}/page-[01-04].bin`);
      await page.find(byTestId("many-table"));
      assert.match(await page.text(byTestId("add-pattern")), /4 links/);
      await eventually("the sizes", 15_000, async () =>
        /6\.29.MB total, plus 1/.test(await page.text(byTestId("many-sum"))),
      );
      assert.match(await page.text(`${byTestId("many-row")}[aria-rowindex="5"]`), /404/);
      await accessible(page, `the table of links at ${width}`);
      await page.click(`${byTestId("many-row")}[aria-rowindex="3"] input`);
      await page.click(`${byTestId("many-row")}[aria-rowindex="5"] input`);
      await page.click(byTestId("add-start"));
      await closed(app);
      await listed(app, 2);
      await finished(app);
      assert.deepEqual(await rig.files(), ["page-01.bin", "page-03.bin"]);
      assert.equal(sha256(await readFile(join(rig.folder, "page-03.bin"))), files[2].sha256);
    },
  );

  scenario(`the dialog with everything open is for everyone, at ${width}x${height}`, async (rig) => {
    const gone = rig.server.serve("/gone.bin", { status: 404 });
    const app = await rig.start();
    const { page } = app;
    await page.fit(width, height);
    await page.click(byTestId("add-open"));
    await page.find(byTestId("add-url"));
    await accessible(page, `the empty add dialog at ${width}`);
    await openAgain(page, gone.url);
    await looked(page, "failed");
    assert.match(await page.text(byTestId("look")), /File not found on .* \(404\)/);
    await page.click(byTestId("add-more"));
    await page.find(byTestId("add-proxy"));
    await accessible(page, `the add dialog with More at ${width}`);
    if (width <= 640) await page.click(byTestId("group-verification"));
    await page.type(byTestId("add-checksum"), "abc");
    await page.find(byTestId("field-error"));
    await accessible(page, `the add dialog with a fault at ${width}`);
    const wide = await page.run("return document.documentElement.scrollWidth <= innerWidth");
    assert.ok(wide, "nothing sticks out at the side");
  });
}

async function openAgain(page, url) {
  await page.run(`document.querySelector('${byTestId("add-url")}').focus()`);
  await page.press("Control+a");
  await paste(page, url);
}

scenario("a pasted cURL command brings its headers along", async (rig) => {
  const file = rig.server.serve("/private.bin", { size: MB, seed: 52 });
  const app = await rig.start();
  const lines = [
    `curl '${file.url}?a=1&b=2'`,
    "-H 'accept: */*'",
    "-H 'X-Ticket: it'\\''s mine'",
    "-b 'sid=abc; theme=dark'",
    "-A 'Browser/1.0 (\"quoted\")'",
    "-o own.bin",
    "--compressed",
  ];
  await openWith(app, lines.join(" \\\n  "));
  await looked(app.page, "found");
  assert.equal(await valueOf(app.page, "add-url"), `${file.url}?a=1&b=2`);
  await app.page.click(byTestId("add-start"));
  await closed(app);
  await listed(app, 1);
  await finished(app);
  assert.deepEqual(await rig.files(), ["own.bin"]);
  for (const { headers } of rig.server.of(file.path)) {
    assert.equal(headers["x-ticket"], "it's mine");
    assert.equal(headers.cookie, "sid=abc; theme=dark");
    assert.equal(headers["user-agent"], 'Browser/1.0 ("quoted")');
  }
});

scenario(
  "what is in the list already is asked about, and each answer does what it says",
  async (rig) => {
    const file = rig.server.serve("/same.bin", { size: MB, seed: 53 });
    const app = await rig.start();
    const { page } = app;
    await page.fit(1280, 800);
    const id = await app.add(file.url);
    await app.until(id, "done");
    await app.closeDetails();
    const again = async () => {
      await openWith(app, file.url);
      await looked(page, "found");
      await page.click(byTestId("add-start"));
      await page.find(byTestId("same"));
    };

    for (const [width, height] of sizes) {
      await page.fit(width, height);
      await again();
      await accessible(page, `the question about the same link at ${width}`);
      await page.press("Escape");
      await page.find(byTestId("add-url"));
      await page.press("Escape");
      await closed(app);
      assert.equal((await app.rows()).length, 1);
    }
    await page.fit(1280, 800);

    await again();
    await page.click(byTestId("same-show"));
    await page.find(`${byTestId("details")}[data-id="${id}"]`);
    await app.closeDetails();

    await again();
    await page.click(byTestId("same-keep"));
    await listed(app, 2);
    await finished(app);
    assert.equal((await rig.files()).length, 2, "both files are there");

    const replaceOne = async () => {
      const before = (await app.rows()).map((row) => row.id);
      await again();
      await page.click(byTestId("same-replace"));
      await eventually("a new row took the place of an old one", 15_000, async () => {
        const now = (await app.rows()).map((row) => row.id);
        return now.length === before.length && now.some((one) => !before.includes(one));
      });
      await finished(app);
    };
    await replaceOne();
    assert.equal((await rig.files()).length, 3, "the old file is kept as long as that can be undone");
    await page.press("Control+z");
    await listed(app, 3);

    await replaceOne();
    assert.equal((await rig.files()).length, 4);
    // at the next start nothing can be undone any more
    await app.close();
    const later = await rig.start();
    const trash = join(rig.temp, "data", "Trash", "files");
    await eventually("the old file is in the trash", 20_000, async () => {
      const thrown = await readdir(trash).catch(() => []);
      return thrown.length === 1 && (await rig.files()).length === 3;
    });
    await listed(later, 3);
  },
  { timeout: 180_000 },
);

scenario("adding needs no pointer", async (rig) => {
  const file = rig.server.serve("/keys.bin", { size: MB, seed: 54 });
  const app = await rig.start();
  const { page } = app;
  await page.fit(1280, 800);
  await page.find(byTestId("empty-state"));
  await page.press("Control+n");
  const on = (css) =>
    eventually(`the focus is on ${css}`, 5000, () =>
      page.run("return document.activeElement?.matches(arguments[0]) ?? false", css),
    );
  const tabTo = async (css) => {
    for (let i = 0; i < 20; i++) {
      if (await page.run("return document.activeElement?.matches(arguments[0]) ?? false", css)) return;
      await page.press("Tab");
    }
    throw new Error(`the tabs do not lead to ${css}`);
  };
  await on(byTestId("add-url"));
  await page.press("Control+a");
  await page.write(file.url);
  await looked(page, "found");
  for (const next of ["add-name", "add-category", "add-folder", "add-more"]) {
    await page.press("Tab");
    await on(byTestId(next));
  }
  await page.press("Enter");
  await tabTo(byTestId("add-connections"));
  await page.write("2");
  await page.press("Control+Enter");
  await closed(app);
  await listed(app, 1);
  await finished(app);
  assert.deepEqual(await rig.files(), ["keys.bin"]);

  const openWithKeys = async (text) => {
    await page.press("Control+n");
    await on(byTestId("add-url"));
    await page.press("Control+a");
    await paste(page, text);
  };
  await openWithKeys(file.url);
  await looked(page, "found");
  await page.press("Control+Enter");
  await page.find(byTestId("same"));
  await tabTo(byTestId("same-keep"));
  await page.press("Enter");
  await closed(app);
  await listed(app, 2);

  for (const n of [1, 2, 3]) rig.server.serve(`/leaf-${n}.bin`, { size: MB, seed: 55 + n });
  await openWithKeys(`${rig.server.origin}/leaf-[1-3].bin`);
  await page.find(byTestId("many-table"));
  await tabTo(`${byTestId("many-row")}[aria-rowindex="3"] input`);
  await page.press("Space");
  await page.press("Control+Enter");
  await closed(app);
  await listed(app, 4);
  await finished(app);
  const files = await rig.files();
  assert.ok(files.includes("leaf-1.bin") && files.includes("leaf-3.bin") && !files.includes("leaf-2.bin"));
});
