// Walks: adding one download: what the list has already, other ways to start, links that are dropped or copied.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { paused } from "./rig/flow.mjs";
import { Mouse, press } from "./rig/input.mjs";
import { eventually } from "./rig/page.mjs";
import { byTestId, inChromium, rowOf } from "./rig/phone.mjs";
import { walk } from "./rig/walk.mjs";

inChromium();

const given = { rows: [paused] };
const link = "https://files.example.org/harbour.tiff";
const found = `${byTestId("look")}[data-state="found"]`;

/** Opens the add dialog with this text. */
async function add({ page, hand }, text) {
  await hand.use(byTestId("add-open"));
  await hand.rests(byTestId("add-url"));
  await page.write(text);
}

walk("a link that the list has is shown there", { given }, async (walker) => {
  const { phone, page, hand, seen, wide } = walker;
  await page.run(() => {
    const same = { id: 1, by: "link", name: "notes.pdf", phase: "paused" };
    window.core.answers.set("same", () => [same]);
  });
  await add(walker, link);
  await page.find(byTestId("add-known"));
  await page.find(found);
  await seen("what the list has already");
  await hand.use(byTestId("known-show"));
  await page.gone(byTestId("add-url"));
  await page.find(`${byTestId("details")}[data-id="1"]`);
  assert.deepEqual(await phone.asked("download"), []);
  if (wide) await page.find(`${rowOf(1)}[aria-selected="true"]`);
});

walk("a download is added paused", { given }, async (walker) => {
  const { phone, page, hand, seen } = walker;
  await add(walker, link);
  await page.find(found);
  await seen("a new download");
  await hand.use(byTestId("add-others"));
  await page.find(byTestId("add-later"));
  await seen("the other ways to start");
  await hand.use(byTestId("add-later"));
  assert.equal((await phone.untilAsked("download")).options.paused, true);
  await page.gone(byTestId("add-url"));
});

/** Types into a field of the browser's own for a date; a pointer chooses in a window of the system. */
async function date({ page, hand, keys }, css) {
  if (!keys) {
    return page.run((one) => {
      const field = document.querySelector(one);
      field.value = "2099-11-11T10:30";
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }, css);
  }
  await hand.press(..."11112099", "ArrowRight", ..."1030", "a");
}

walk("a download is added for a time", { given }, async (walker) => {
  const { phone, page, hand, seen } = walker;
  await add(walker, link);
  await page.find(found);
  await hand.use(byTestId("add-others"));
  await hand.use(byTestId("add-schedule"));
  await hand.rests(byTestId("add-start-at"));
  await seen("the time to start at");
  await date(walker, byTestId("add-start-at"));
  await hand.use(byTestId("add-start"));
  const { startAt } = (await phone.untilAsked("download")).options;
  assert.equal(startAt, new Date(2099, 10, 11, 10, 30).getTime());
  await page.gone(byTestId("add-url"));
});

walk("the add dialog is left, and the focus is where it was", { given }, async (walker) => {
  const { phone, hand } = walker;
  await add(walker, "");
  await hand.shut(byTestId("add-url"));
  await hand.rests(byTestId("add-open"));
  assert.deepEqual(await phone.asked("download"), []);
});

/** Drops this on the list. */
async function drop(page, data) {
  const [x, y] = await page.at(byTestId("list"));
  const all = { items: [], dragOperationsMask: 1, ...data };
  for (const type of ["dragEnter", "dragOver", "drop"])
    await page.send("Input.dispatchDragEvent", { type, x, y, data: all });
}

walk(
  "a dropped link is offered",
  { given, on: ["wide"], by: [Mouse] },
  async ({ phone, page, hand, seen }) => {
    await page.find(byTestId("list"));
    await drop(page, { items: [{ mimeType: "text/uri-list", data: link }] });
    await page.find(found);
    await seen("a dropped link");
    await hand.use(byTestId("add-start"));
    assert.equal((await phone.untilAsked("download")).url, link);
  },
);

const files = {
  "links.txt": "https://files.example.org/a.zip\nhello\nhttps://files.example.org/b.zip\n",
  "page.html":
    '<!doctype html><a href="https://files.example.org/a.zip">One</a><a href="https://files.example.org/b.zip">Two</a>',
};

for (const [name, text] of Object.entries(files)) {
  walk(`the links of a dropped ${name} are offered`, { given, on: ["wide"], by: [Mouse] }, async (walker) => {
    const { phone, page, hand, seen } = walker;
    const folder = await mkdtemp(join(tmpdir(), "millrace-drop-"));
    try {
      await writeFile(join(folder, name), text);
      await page.find(byTestId("list"));
      await drop(page, { files: [join(folder, name)] });
      await page.find(byTestId("many-table"));
      await seen(`the links of ${name}`);
      await hand.use(byTestId("add-start"));
      const { items } = await phone.untilAsked("download_many");
      assert.deepEqual(
        items.map(({ url }) => url),
        ["https://files.example.org/a.zip", "https://files.example.org/b.zip"],
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

const watching = ["window.core.settings.watchClipboard = true;"];

walk("a copied link is offered", { given, scripts: watching }, async ({ page, hand, seen }) => {
  // What was copied before is not offered.
  await eventually("the clipboard was read", () =>
    page.run(() => window.core.calls.some(({ cmd }) => cmd === "clipboard")),
  );
  await page.run((text) => {
    window.core.answers.set("clipboard", () => text);
    window.dispatchEvent(new Event("focus"));
  }, link);
  await page.find(byTestId("toast-action"));
  await seen("the offer of a copied link");
  await hand.use(byTestId("toast-action"));
  await hand.rests(byTestId("add-url"));
  assert.equal(await page.run((css) => document.querySelector(css).value, byTestId("add-url")), link);
  await page.find(found);
});
