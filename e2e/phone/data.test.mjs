// Import, history and the first start on a phone, over the fake core.
import assert from "node:assert/strict";
import { flow } from "./rig/flow.mjs";
import { byTestId, inChromium } from "./rig/phone.mjs";

inChromium();

/** Puts a file into the field, as the system's dialog does. */
const give = (page, text) =>
  page.run(
    (css, content) => {
      const field = document.querySelector(css);
      const files = new DataTransfer();
      files.items.add(new File([content], "list.txt"));
      field.files = files.files;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    },
    byTestId("import-input"),
    text,
  );

flow("a list of links is imported after a look at it", { given: { rows: "none" } }, async (phone, page) => {
  await page.tap(byTestId("settings-open"));
  await page.tap(byTestId("settings-go-data"));
  await page.find(byTestId("import-file"));
  assert.equal(await page.shown(byTestId("export-save")), false, "a phone copies and shares");
  await give(page, "https://files.example.org/a.zip\nhello\nhttps://files.example.org/b.zip\n");
  await page.find(byTestId("import-faults"));
  assert.deepEqual(await phone.asked("import_list"), []);
  await page.tap(byTestId("import-go"));
  await page.find(byTestId("import-done"));
  assert.equal(await page.back(), true);
  await page.find(byTestId("settings-go-data"));
  assert.equal(await page.back(), true);
  await page.find(`${byTestId("download-row")}[data-id="2"]`);
});

flow("the history is read, and what was removed is restored", {}, async (phone, page) => {
  await page.tap(byTestId("settings-open"));
  await page.tap(byTestId("settings-go-data"));
  await page.tap(byTestId("history-open"));
  await page.find(byTestId("traffic-days"));
  await page.tap(byTestId("history-restore"));
  assert.equal((await phone.untilAsked("restore_history")).ids.length, 1);
  await page.tap(byTestId("modal-back"));
  await page.find(byTestId("history-open"));
});

flow(
  "the first start asks once and goes away with the way back",
  { given: { rows: "none", fresh: true } },
  async (phone, page) => {
    await page.find(byTestId("welcome"));
    assert.equal((await phone.untilAsked("change_settings")).settings.welcomed, true);
    assert.equal(await page.back(), true);
    await page.gone(byTestId("welcome"));
    await page.find(byTestId("empty-state"));
  },
);
