// Walks: the first start, the history, the list as a file, the app's log, licences, and what the app tells of itself.
import assert from "node:assert/strict";
import { done, paused } from "./rig/flow.mjs";
import { eventually } from "./rig/page.mjs";
import { byTestId, inChromium } from "./rig/phone.mjs";
import { walk } from "./rig/walk.mjs";

inChromium();

const given = { rows: [done, paused] };
const copied = (page) => page.run(() => navigator.clipboard.readText());
const count = (page, css) => page.run((one) => document.querySelectorAll(one).length, css);

/** Opens a page of the settings. */
async function settings({ page, hand }, name, ready) {
  await hand.use(byTestId("settings-open"));
  await hand.use(byTestId(`settings-go-${name}`));
  await page.find(byTestId(ready));
}

/** Leaves a view that the settings lead to: back on its page. */
async function backTo({ hand, page }, ready) {
  await hand.use(byTestId("modal-back"));
  await page.find(byTestId(ready));
}

/** Closes the settings; the focus is where they were opened. On a phone a page leads back to the list of pages. */
async function leave({ page, hand, wide, keys }) {
  if (!wide && !keys) {
    await page.back();
    await page.find(byTestId("settings-go-about"));
  }
  await hand.shut(byTestId("settings"));
}

walk("the first start", { given: { rows: "none", fresh: true } }, async ({ phone, page, hand, seen }) => {
  await page.find(byTestId("welcome"));
  assert.equal((await phone.untilAsked("change_settings")).settings.welcomed, true);
  await hand.rests(byTestId("welcome-done"));
  await seen("the first start");
  await hand.use(byTestId("setting-welcome-notices"));
  await phone.untilAsked("change_settings", 2);
  await hand.use(byTestId("welcome-done"));
  await page.gone(byTestId("welcome"));
  await page.find(byTestId("empty-state"));
  await seen("the empty list");
});

walk("a list is imported at the first start", { given: { rows: "none", fresh: true } }, async (walker) => {
  const { page, hand } = walker;
  await hand.use(byTestId("welcome-import"));
  await page.find(byTestId("import-file"));
  await page.gone(byTestId("welcome"));
});

walk("the history is searched, restored, cleared and switched off", { given }, async (walker) => {
  const { phone, page, hand, seen } = walker;
  await settings(walker, "data", "history-open");
  await seen("the settings of what is kept");
  await hand.use(byTestId("history-open"));
  await page.find(byTestId("traffic-days"));
  await page.find(byTestId("history-item"));
  await seen("the history");
  await hand.fill(byTestId("history-search"), "lecture");
  await eventually("what was sought", async () => (await count(page, byTestId("history-item"))) === 1);
  await hand.use(byTestId("history-restore"));
  assert.equal((await phone.untilAsked("restore_history")).ids.length, 1);
  await hand.use(byTestId("history-clear"));
  await page.find(byTestId("history-clear-go"));
  await seen("the question before the history is cleared");
  await hand.use(byTestId("history-clear-cancel"));
  await page.gone(byTestId("history-clear-go"));
  assert.deepEqual(await phone.asked("clear_history"), []);
  await hand.use(byTestId("history-clear"));
  await hand.use(byTestId("history-clear-go"));
  await phone.untilAsked("clear_history");
  await backTo(walker, "history-open");
  await hand.use(byTestId("setting-history"));
  assert.equal((await phone.untilAsked("change_settings")).settings.history, false);
  await leave(walker);
  await hand.rests(byTestId("settings-open"));
});

walk("the list is exported", { given }, async (walker) => {
  const { phone, page, hand, seen, wide } = walker;
  await settings(walker, "data", "export-copy");
  await hand.choose(byTestId("export-format"), "links");
  await page.gone(byTestId("export-secrets"));
  await hand.use(byTestId("export-copy"));
  await eventually("the links are copied", async () => (await copied(page)).includes("https://"));
  assert.equal((await phone.untilAsked("export_list")).format, "links");
  if (wide) {
    await page.run(() => {
      window.core.answers.set("pick_folder", () => ({ id: "picked", label: "Lists" }));
      window.core.answers.set("save_list", () => ({ folder: "Lists", name: "list.txt", count: 2 }));
    });
    await hand.use(byTestId("export-save"));
    assert.equal((await phone.untilAsked("save_list")).format, "links");
  }
  await seen("an exported list");
  await leave(walker);
  await hand.rests(byTestId("settings-open"));
});

walk("a list is imported from the clipboard", { given }, async (walker) => {
  const { phone, page, hand, seen } = walker;
  await page.run(() =>
    window.core.answers.set(
      "clipboard",
      () => "https://files.example.org/a.zip\nhello\nhttps://files.example.org/b.zip\n",
    ),
  );
  await settings(walker, "data", "import-clipboard");
  await hand.use(byTestId("import-clipboard"));
  await page.find(byTestId("import-faults"));
  await seen("what an import would add");
  assert.deepEqual(await phone.asked("import_list"), []);
  await hand.use(byTestId("import-go"));
  await page.find(byTestId("import-done"));
  await leave(walker);
  await hand.rests(byTestId("settings-open"));
  await eventually("both are in the list", async () => (await phone.ids()).length === 4);
});

walk("the app's log is filtered and copied", { given }, async (walker) => {
  const { page, hand, seen } = walker;
  await settings(walker, "about", "app-log-open");
  await seen("the settings about the app");
  await hand.use(byTestId("app-log-open"));
  await page.find(`${byTestId("app-log-line")}[data-level="info"]`);
  await seen("the app's log");
  await hand.choose(byTestId("app-log-level"), "error");
  await page.gone(`${byTestId("app-log-line")}[data-level="info"]`);
  await page.find(`${byTestId("app-log-line")}[data-level="error"]`);
  await hand.use(byTestId("app-log-copy"));
  await eventually("the lines are copied", async () => (await copied(page)).includes("pause failed"));
  await backTo(walker, "app-log-open");
  await leave(walker);
  await hand.rests(byTestId("settings-open"));
});

walk("licences are searched and read", { given }, async (walker) => {
  const { page, hand, seen } = walker;
  await settings(walker, "about", "licences-open");
  await hand.use(byTestId("licences-open"));
  await page.find(byTestId("licence"));
  await hand.fill(byTestId("licences-search"), "svelte");
  await eventually("some alone", async () => {
    const all = await count(page, byTestId("licence"));
    return all > 0 && all < 20;
  });
  await hand.use(`${byTestId("licence")} summary`);
  await page.find(`${byTestId("licence")} pre`);
  await seen("a licence");
  await backTo(walker, "licences-open");
  await leave(walker);
  await hand.rests(byTestId("settings-open"));
});

walk("the report about the app is copied", { given }, async (walker) => {
  const { page, hand } = walker;
  await settings(walker, "about", "setting-report");
  assert.match(
    await page.run((css) => document.querySelector(css).textContent, byTestId("setting-version")),
    /1\.2\.3/,
  );
  await hand.use(byTestId("setting-report"));
  await eventually("it is copied", async () => (await copied(page)) === "Millrace 1.2.3");
  await leave(walker);
  await hand.rests(byTestId("settings-open"));
});
