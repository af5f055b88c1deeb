// Tests of the rules for new downloads, as a user edits them in the settings.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, it } from "vitest";
import type { Rule } from "../../lib/api.ts";
import type { FakeCore } from "../../test/core.ts";
import { asked, find, get, open, press } from "../../test/window.ts";

let core: FakeCore;
const rule = (over: Partial<Rule>): Rule => ({
  name: null,
  host: null,
  category: null,
  folder: null,
  priority: null,
  tags: [],
  queueFirst: false,
  ...over,
});
const sent = (): unknown[] => asked(core, "set_rules").map((args) => args["rules"]);
const all = (id: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(`[data-testid=${id}]`)];

beforeEach(async () => {
  core = await open();
});

async function openRules(): Promise<void> {
  await press("settings-open");
  await waitFor(() => get("settings"));
  await press("settings-go-files");
  await waitFor(() => get("rule-add"));
}

it("a rule is sent once it says for which downloads it is and what it does", async () => {
  core.answers.set("pick_folder", () => ({ id: "v", label: "~/Videos" }));
  await openRules();
  await press("rule-add");
  await waitFor(() => expect(document.activeElement).toBe(get("rule-name")));
  await fireEvent.change(get("rule-name"), { target: { value: " *.mkv " } });
  expect(sent()).toEqual([]);
  expect(find("rule-hint")).not.toBeNull();
  await press("rule-folder");
  const first = rule({ name: "*.mkv", folder: { id: "v", label: "~/Videos" } });
  await waitFor(() => expect(sent()).toEqual([[first]]));
  expect(find("rule-hint")).toBeNull();
  await fireEvent.change(get("rule-priority"), { target: { value: "low" } });
  await waitFor(() => expect(sent().at(-1)).toEqual([{ ...first, priority: "low" }]));
});

it("a rule gives tags and the front of the queue, and tags that would be cut are said", async () => {
  core.rules = [rule({ name: "*.mkv", priority: "low" })];
  await openRules();
  await waitFor(() => get("rule"));
  await fireEvent.change(get("rule-tags"), { target: { value: "films, later" } });
  const tagged = rule({ name: "*.mkv", priority: "low", tags: ["films", "later"] });
  await waitFor(() => expect(sent()).toEqual([[tagged]]));
  await fireEvent.change(get("rule-queue"), { target: { value: "first" } });
  await waitFor(() => expect(sent().at(-1)).toEqual([{ ...tagged, queueFirst: true }]));
  await fireEvent.change(get("rule-tags"), { target: { value: "a,b,c,d,e,f,g" } });
  await waitFor(() => get("rules-error"));
  expect(sent()).toHaveLength(2);
});

it("rules are put in another order and removed", async () => {
  const [one, two] = [
    rule({ host: "a.example", priority: "high" }),
    rule({ category: "video", priority: "low" }),
  ];
  core.rules = [one, two];
  await openRules();
  await waitFor(() => expect(all("rule")).toHaveLength(2));
  await fireEvent.click(all("rule-raise")[1] ?? document.body);
  await waitFor(() => expect(sent()).toEqual([[two, one]]));
  await fireEvent.click(all("rule-remove")[0] ?? document.body);
  await waitFor(() => expect(sent().at(-1)).toEqual([one]));
});

it("what the core refuses is said", async () => {
  core.rules = [rule({ name: "*", priority: "high" })];
  core.answers.set("set_rules", () =>
    Promise.reject(Object.assign(new Error(), { code: "bad-setting", problem: null })),
  );
  await openRules();
  await waitFor(() => get("rule"));
  await fireEvent.change(get("rule-host"), { target: { value: "x" } });
  await waitFor(() => get("rules-error"));
});
