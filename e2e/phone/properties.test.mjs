// The form of a download's properties by touch: its groups, of which one is open at a time, and what each field sends. On a
// wide screen its labels are at the start of the line.
import assert from "node:assert/strict";
import { flow, paused, running } from "./rig/flow.mjs";
import { eventually } from "./rig/page.mjs";
import { byTestId, inChromium, rowOf } from "./rig/phone.mjs";

inChromium();

const textOf = (page, css) => page.run((it) => document.querySelector(it)?.textContent ?? "", css);

async function openOptions(page, id) {
  await page.tap(`${rowOf(id)} .name`);
  await page.find(byTestId("details"));
  await page.tap(byTestId("tab-options"));
  await page.find(byTestId("property-form"));
}

async function replaceBy(page, css, text) {
  await page.tap(css);
  await page.run(() => document.activeElement.select());
  await page.write(text);
  await page.run(() => document.activeElement.blur());
}

flow(
  "one group is open at a time, and a closed one says what it holds",
  { given: { rows: [paused] } },
  async (phone, page) => {
    await openOptions(page, 1);
    await replaceBy(page, byTestId("option-limit"), "2 MB");
    const { changes } = await phone.untilAsked("set_options");
    assert.deepEqual(changes, [{ field: "limit", value: 2_000_000 }]);
    await page.tap(byTestId("group-general"));
    await page.find(byTestId("option-tags"));
    assert.equal(await page.shown(byTestId("option-limit")), false, "the other group has closed");
    await eventually("the head has the limit", async () =>
      (await textOf(page, byTestId("group-transfer"))).includes("2 MB/s"),
    );
    assert.match(await textOf(page, byTestId("group-transfer")), /Speed limit/);
    await page.tap(byTestId("group-general"));
    await page.gone(byTestId("option-tags"));
    assert.match(await textOf(page, byTestId("group-general")), /notes\.pdf/);
  },
);

flow(
  "name, folder and tags are changed in the form, and a change is taken back",
  { given: { rows: [{ ...running, tags: ["films"] }] } },
  async (phone, page) => {
    await openOptions(page, 1);
    await page.tap(byTestId("group-general"));
    await replaceBy(page, byTestId("option-name"), "other.mkv");
    assert.deepEqual(await phone.untilAsked("rename_file"), { id: 1, name: "other.mkv" });
    await page.tap(byTestId("option-folder"));
    assert.deepEqual(await phone.untilAsked("move_file"), { id: 1, folder: "picked" });
    await replaceBy(page, byTestId("option-tags"), "films, later");
    assert.deepEqual(await phone.untilAsked("set_tags"), { ids: [1], tags: ["films", "later"] });
    await page.tap(byTestId("properties-undo"));
    assert.deepEqual(await phone.untilAsked("set_tags", 2), { ids: [1], tags: ["films"] });
  },
);

flow(
  "new downloads get tags, the front of the queue and a subfolder",
  { given: { rows: "none" } },
  async (phone, page) => {
    await page.tap(`${byTestId("empty-state")} button`);
    await page.tap(byTestId("add-url"));
    await page.paste([1, 2].map((n) => `https://files.example.org/sheet-${n}.tiff`).join("\n"));
    await page.find(byTestId("many-table"));
    await page.tap(byTestId("many-subfolder"));
    await page.write("../out");
    await page.tap(byTestId("add-start"));
    await page.find(byTestId("field-error"));
    assert.deepEqual(await phone.asked("download_many"), []);
    await replaceBy(page, byTestId("many-subfolder"), "Sheets {ext}");
    await page.tap(byTestId("add-more"));
    await page.tap(byTestId("group-general"));
    await page.tap(byTestId("add-tags"));
    await page.write("maps");
    await page.tap(byTestId("group-schedule"));
    await page.tap(byTestId("add-queue-first"));
    await page.tap(byTestId("add-start"));
    const { options } = await phone.untilAsked("download_many");
    assert.equal(options.subfolder, "Sheets {ext}");
    assert.deepEqual(options.tags, ["maps"]);
    assert.equal(options.queueFirst, true);
  },
);

flow(
  "on a wide screen all groups are open, with the labels at the start of the line",
  { screen: "wide", insets: "none", given: { rows: [paused] } },
  async (_, page) => {
    await page.tap(`${rowOf(1)} .name`);
    await page.run(() => document.querySelector("[data-testid=list]").focus());
    await page.press("Enter", { modifiers: 1 });
    await page.find(byTestId("property-form"));
    assert.equal(await page.shown(byTestId("group-general")), false);
    const [label, field] = await page.run(() => {
      const input = document.querySelector("[data-testid=option-limit]");
      return [input.labels[0], input].map((it) => it.getBoundingClientRect().toJSON());
    });
    assert.ok(label.right <= field.left, "the label is beside its field");
    assert.ok(label.top >= field.top - 4 && label.bottom <= field.bottom + 4, "and on its line");
  },
);
