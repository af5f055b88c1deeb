// All flows of the phone layout by touch alone, over the fake core: the built pages in the engine of Android's WebView.
// The real core is tested elsewhere.
import assert from "node:assert/strict";
import { across, busy, done, flow, lost, paused, running, tapUntil } from "./rig/flow.mjs";
import { eventually } from "./rig/page.mjs";
import { byTestId, inChromium, rowOf } from "./rig/phone.mjs";

inChromium();

flow(
  "a pasted link is looked at, named, put into a folder and started",
  { given: { rows: "none" } },
  async (phone, page) => {
    await page.tap(`${byTestId("empty-state")} button`);
    await page.tap(byTestId("add-url"));
    await page.paste("https://files.example.org/harbour.tiff");
    await page.find(`${byTestId("look")}[data-state="found"]`);
    await page.tap(byTestId("add-folder"));
    await phone.untilAsked("pick_folder");
    await page.tap(byTestId("add-name"));
    await page.run(() => document.activeElement.select());
    await page.write("Harbour.tiff");
    await page.tap(byTestId("add-more"));
    await page.tap(byTestId("add-limit"));
    await page.write("2 MB");
    await page.tap(byTestId("add-start"));
    const { url, options } = await phone.untilAsked("download");
    assert.equal(url, "https://files.example.org/harbour.tiff");
    assert.equal(options.name, "Harbour.tiff");
    assert.equal(options.folder, "picked");
    assert.equal(options.limit, 2_000_000);
    await page.gone(byTestId("add-url"));
    await page.find(rowOf(1));
    assert.equal(await page.shown(byTestId("details")), false, "the list stays");
  },
);

flow(
  "several links are shown as a table, and those that are wanted are added",
  { given: { rows: "none" } },
  async (phone, page) => {
    await page.tap(`${byTestId("empty-state")} button`);
    await page.tap(byTestId("add-url"));
    await page.paste([1, 2, 3].map((n) => `https://files.example.org/sheet-${n}.tiff`).join("\n"));
    await page.find(byTestId("many-table"));
    await page.tap(`${byTestId("many-row")}[aria-rowindex="3"] label`);
    await page.tap(byTestId("add-others"));
    await page.tap(byTestId("add-later"));
    const { items } = await phone.untilAsked("download_many");
    assert.deepEqual(
      items.map(({ url }) => url),
      ["https://files.example.org/sheet-1.tiff", "https://files.example.org/sheet-3.tiff"],
    );
    await eventually("both are in the list", async () => (await phone.ids()).length === 2);
  },
);

flow(
  "what is in the list already is restarted from zero, and the old one comes back",
  { given: { rows: [paused] } },
  async (phone, page) => {
    await page.run(() => {
      const same = { id: 1, by: "file", name: "notes.pdf", phase: "paused", received: 2_000_000 };
      window.core.answers.set("same", () => [{ ...same, copyName: "notes (1).pdf" }]);
    });
    await page.tap(byTestId("add-open"));
    await page.tap(byTestId("add-url"));
    await page.paste("https://files.example.org/notes.pdf");
    await page.find(`${byTestId("look")}[data-state="found"]`);
    await page.tap(byTestId("add-start"));
    await page.tap(byTestId("same-replace"));
    const { id, url } = await phone.untilAsked("replace");
    assert.deepEqual([id, url], [1, "https://files.example.org/notes.pdf"]);
    await eventually("the new one is in its place", async () => (await phone.ids()).join() === "2");
    await page.tap(byTestId("toast-action"));
    await eventually("the old one is back", async () => (await phone.ids()).join() === "1");
  },
);

flow(
  "a download is paused and resumed on its row and in its details",
  { given: { rows: [running] } },
  async (phone, page) => {
    await page.tap(`${rowOf(1)} ${byTestId("row-pause")}`);
    await phone.untilState(1, "paused");
    await page.tap(`${rowOf(1)} ${byTestId("row-resume")}`);
    await phone.untilState(1, "running");
    await page.swipe(across(await page.at(`${rowOf(1)} .name`), 130));
    await phone.untilState(1, "paused");
    await page.swipe(across(await page.at(`${rowOf(1)} .name`), 130));
    await phone.untilState(1, "running");
    assert.equal(await page.shown(byTestId("details")), false, "a swipe opens nothing");
    await tapUntil(page, `${rowOf(1)} .name`, byTestId("details"));
    for (const tab of ["log", "options", "overview"]) {
      await page.tap(byTestId(`tab-${tab}`));
      await page.find(`${byTestId(`tab-${tab}`)}[aria-selected="true"]`);
    }
    await page.tap(`${byTestId("details")} ${byTestId("row-pause")}`);
    await page.find(`${byTestId("details")} ${byTestId("row-resume")}`);
    await page.tap(byTestId("tab-options"));
    await page.tap(byTestId("option-priority-high"));
    const changes = [{ field: "priority", value: "high" }];
    assert.deepEqual(await phone.untilAsked("set_options"), { ids: [1], changes });
    assert.equal(await page.back(), true);
    await page.gone(byTestId("details"));
  },
);

flow(
  "why a download failed is said, and it is tried again or given another link",
  { given: { rows: [lost, busy] } },
  async (phone, page) => {
    await page.find(`${rowOf(1)} ${byTestId("problem")}`);
    await page.tap(`${rowOf(2)} ${byTestId("row-retry")}`);
    await phone.untilAsked("retry");
    await phone.untilState(2, "running");
    await page.tap(`${rowOf(1)} .name`);
    await page.find(".sheet [role=note]");
    assert.match(
      await page.run(() => document.querySelector(".sheet [role=note]").textContent),
      /maps\.example/,
    );
    await page.tap(`${byTestId("details")} ${byTestId("row-fix")}`);
    await page.tap(byTestId("link-url"));
    await page.run(() => document.activeElement.select());
    await page.write("https://other.example/map.tiff");
    await page.tap(byTestId("link-save"));
    assert.deepEqual(await phone.untilAsked("change_link"), { id: 1, url: "https://other.example/map.tiff" });
    await page.gone(byTestId("link-url"));
  },
);

flow(
  "rows are selected by a long press, removed together, and brought back",
  { given: { rows: [running, paused, done] } },
  async (phone, page) => {
    await page.tap(`${rowOf(3)} .name`);
    await page.find(byTestId("details"));
    assert.equal(await page.back(), true);
    await page.gone(byTestId("details"));
    await page.hold(`${rowOf(2)} .name`, byTestId("select-end"));
    assert.deepEqual(
      await page.run(
        (css) => [...document.querySelectorAll(css)].map((row) => row.dataset.id),
        `${byTestId("download-row")}[aria-selected="true"]`,
      ),
      ["2"],
      "what was opened before is not selected too",
    );
    assert.equal(await page.shown(byTestId("details")), false, "the finger that selects does not open");
    await page.tap(`${rowOf(1)} .name`);
    await page.find(`${rowOf(1)}[aria-selected="true"]`);
    await page.tap(byTestId("selected-remove"));
    await eventually("both are gone", async () => (await phone.ids()).join() === "3");
    await page.tap(byTestId("toast-action"));
    await eventually("all are back", async () => (await phone.ids()).join() === "3,2,1");
    await page.tap(byTestId("search-open"));
    await page.write("song");
    await eventually("what was searched for", async () => (await phone.ids()).join() === "3");
    await page.hold(`${rowOf(3)} .name`, byTestId("select-end"));
    await page.tap(byTestId("selected-more"));
    await page.find(byTestId("menu-copy"));
    assert.equal(await page.back(), true, "the drawer");
    await page.gone(byTestId("menu-copy"));
    assert.equal(await page.back(), true, "the search");
    await eventually("all again", async () => (await phone.ids()).length === 3);
    await page.find(byTestId("select-end"));
    assert.equal(await page.back(), true, "the selection");
    await page.gone(byTestId("select-end"));
    await page.hold(`${rowOf(3)} .name`, byTestId("select-end"));
    await page.tap(byTestId("selected-remove"));
    await page.tap(byTestId("remove-keep"));
    assert.deepEqual(await phone.untilAsked("remove_many", 2), { ids: [3], leftover: "keep" });
  },
);

flow("the limit of the speed is set in a drawer", { given: { rows: [running] } }, async (phone, page) => {
  await page.tap(byTestId("speed-open"));
  await page.tap(byTestId("speed-preset-2000000"));
  assert.equal((await phone.untilAsked("change_settings")).settings.limit, 2_000_000);
  await page.find(`${byTestId("speed-preset-2000000")}[aria-pressed="true"]`);
});

flow(
  "a finished file is opened, and shown to other apps",
  { given: { rows: [done] } },
  async (phone, page) => {
    await page.tap(`${rowOf(1)} ${byTestId("row-open")}`);
    assert.deepEqual(await phone.untilAsked("open_file"), { id: 1 });
    await page.tap(`${rowOf(1)} .name`);
    await page.tap(byTestId("details-more"));
    await page.tap(byTestId("menu-reveal"));
    assert.deepEqual(await phone.untilAsked("reveal"), { id: 1 });
  },
);

flow(
  "the list is filtered, searched and sorted",
  { given: { rows: [running, paused, done, lost] } },
  async (phone, page) => {
    await page.tap(byTestId("filter-done"));
    await eventually("the finished one alone", async () => (await phone.ids()).join() === "3");
    await page.tap(byTestId("nav-downloads"));
    await page.tap(byTestId("filter-failed"));
    await eventually("the failed one alone", async () => (await phone.ids()).join() === "4");
    await page.tap(byTestId("filter-all"));
    await page.tap(byTestId("search-open"));
    await page.write("notes");
    await eventually("what was searched for", async () => (await phone.ids()).join() === "2");
    await page.run(() => document.activeElement.select());
    await page.write("nothing of that");
    await page.find(byTestId("empty-part"));
    assert.equal(await page.back(), true);
    await page.gone(byTestId("search"));
    await eventually("all again", async () => (await phone.ids()).length === 4);
    await page.tap(byTestId("sort"));
    await page.tap(byTestId("sort-name"));
    await eventually("by name", async () => (await phone.ids()).join() === "1,4,2,3");
  },
);

flow("settings are changed, the folder among them", { given: { rows: [done] } }, async (phone, page) => {
  await page.tap(byTestId("settings-open"));
  await page.tap(byTestId("settings-go-files"));
  await page.tap(byTestId("setting-folder"));
  await phone.untilAsked("pick_folder");
  assert.equal((await phone.untilAsked("change_settings")).settings.folder.id, "picked");
  assert.equal(await page.back(), true);
  await page.tap(byTestId("settings-go-speed"));
  await page.tap(byTestId("setting-slow"));
  assert.equal((await phone.untilAsked("change_settings", 2)).settings.slow, true);
  await page.find(`${byTestId("setting-slow")}:checked`);
  assert.equal(await page.back(), true);
  await page.find(byTestId("settings-go-speed"));
  assert.equal(await page.back(), true);
  await page.gone(byTestId("settings"));
});

flow(
  "leave for notices is asked for by a press only",
  { given: { rows: [running], consent: "notAsked" } },
  async (phone, page) => {
    await page.find(byTestId("hint-notices"));
    assert.deepEqual(await phone.asked("ask_for_notices"), []);
    await page.tap(byTestId("hint-ask"));
    await phone.untilAsked("ask_for_notices");
    await page.gone(byTestId("hint-notices"));
  },
);

flow(
  "work that the system ended is told, with the way to its settings",
  { given: { rows: [paused], ended: true } },
  async (phone, page) => {
    await page.tap(byTestId("hint-battery"));
    await phone.untilAsked("battery_settings");
    await page.tap(byTestId("hint-away"));
    await page.gone(byTestId("hint-ended"));
  },
);

flow(
  "the way back closes the topmost thing first, and leaves only the list",
  { given: { rows: [paused] } },
  async (phone, page) => {
    await page.tap(`${rowOf(1)} .name`);
    await page.tap(byTestId("details-more"));
    await page.tap(byTestId("menu-link"));
    await page.find(byTestId("link-url"));
    assert.equal(await page.back(), true);
    await page.gone(byTestId("link-url"));
    await page.find(byTestId("details"));
    assert.equal(await page.back(), true);
    await page.gone(byTestId("details"));
    for (const [open, css] of [
      ["add-open", "add-url"],
      ["views-open", "pause-all"],
      ["settings-open", "settings"],
      ["search-open", "search"],
      ["speed-open", "speed-panel"],
    ]) {
      await page.tap(byTestId(open));
      await page.find(byTestId(css));
      assert.equal(await page.back(), true, open);
      await page.gone(byTestId(css));
    }
    assert.equal(await page.back(), false, "now the app is left");
  },
);

flow(
  "a core that falls silent is said above the list, and that it is back",
  { given: { rows: [running] } },
  async (phone, page) => {
    await page.run(() => {
      window.core.wire = () => undefined;
      window.core.answers.set("attach", () => new Promise(() => undefined));
    });
    await page.find(byTestId("lost"));
    await page.run(() => {
      window.core.wire = (channel, message) => window.core.deliver(channel, message);
      window.core.answers.delete("attach");
    });
    await page.gone(byTestId("lost"));
  },
);
