// Walks: many links as a table, and the rules by which new downloads get their folder.
import assert from "node:assert/strict";
import { paused } from "./rig/flow.mjs";
import { press } from "./rig/input.mjs";
import { eventually } from "./rig/page.mjs";
import { byTestId, inChromium } from "./rig/phone.mjs";
import { walk } from "./rig/walk.mjs";

inChromium();

const given = { rows: [paused] };
const names = ["sheet-2.tiff", "sheet-1.tiff", "film.mkv", "notes.pdf"];
const links = names.map((name) => `https://files.example.org/${name}`);
const chosen = (page) =>
  page.run(
    (css) =>
      [...document.querySelectorAll(css)]
        .filter((row) => row.querySelector("input").checked)
        .map((row) => row.dataset.url.split("/").at(-1)),
    byTestId("many-row"),
  );
const shown = (page) =>
  page.run(
    (css) => [...document.querySelectorAll(css)].map((row) => row.dataset.url.split("/").at(-1)),
    byTestId("many-row"),
  );
const until = (what, read, expected) =>
  eventually(what, async () => {
    const now = String(await read());
    if (now !== String(expected)) throw new Error(`it is ${now}`);
    return true;
  });

walk("of many links some are chosen, named and added", { given }, async ({ phone, page, hand, seen }) => {
  await hand.use(byTestId("add-open"));
  await hand.rests(byTestId("add-url"));
  await page.write(links.join("\n"));
  await page.find(byTestId("many-table"));
  await until("all are shown", () => shown(page), names);
  await seen("many links");

  await hand.fill(byTestId("many-filter"), "sheet");
  await until("those with this word", () => shown(page), names.slice(0, 2));
  await seen("filtered links");
  await page.run((css) => document.querySelector(css).select(), byTestId("many-filter"));
  await press(page, "Backspace");
  await until("all again", () => shown(page), names);

  await hand.use(byTestId("many-sort-name"));
  await until("by name", () => shown(page), names.toSorted());
  await hand.use(`${byTestId("many-type")}[data-type="tiff"]`);
  await until("this type alone", () => chosen(page), ["sheet-1.tiff", "sheet-2.tiff"]);
  await hand.use(byTestId("many-invert"));
  await until("none of this type", () => chosen(page), []);
  await hand.use(`${byTestId("many-type")}[data-type="tiff"]`);
  await until("the others", () => chosen(page), ["film.mkv", "notes.pdf"]);
  await hand.fill(byTestId("many-names"), "{n:02} {name}.{ext}");
  await seen("chosen links with new names");
  await hand.use(byTestId("add-start"));
  const { items } = await phone.untilAsked("download_many");
  assert.deepEqual(
    items.map(({ url, name }) => [url.split("/").at(-1), name]),
    [
      ["film.mkv", "01 film.mkv"],
      ["notes.pdf", "02 notes.pdf"],
    ],
  );
  await page.gone(byTestId("many-table"));
});

const rule = (part) => `${byTestId("rule")} ${byTestId(part)}`;

walk("a rule is added, changed and removed", { given }, async ({ phone, page, hand, seen }) => {
  await page.run(() => window.core.answers.set("pick_folder", () => ({ id: "films", label: "Films" })));
  await hand.use(byTestId("settings-open"));
  await hand.use(byTestId("settings-go-files"));
  await hand.use(byTestId("rule-add"));
  await hand.rests(rule("rule-name"));
  await page.find(byTestId("rule-hint"));
  await seen("a rule that is not complete");
  await page.write("*.mkv");
  await hand.use(rule("rule-folder"));
  const first = (await phone.untilAsked("set_rules")).rules;
  assert.deepEqual(
    first.map(({ name, folder }) => [name, folder.id]),
    [["*.mkv", "films"]],
  );
  await page.gone(byTestId("rule-hint"));
  await seen("a rule");
  await hand.choose(rule("rule-priority"), "high");
  await eventually(
    "the priority is stored",
    async () => (await phone.asked("set_rules")).at(-1).rules[0].priority === "high",
  );
  await hand.use(rule("rule-remove"));
  await page.gone(byTestId("rule"));
  await eventually("no rule is left", async () => (await phone.asked("set_rules")).at(-1).rules.length === 0);
  await hand.shut(byTestId("rule-add"));
});
