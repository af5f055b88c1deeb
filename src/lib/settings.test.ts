// The core owns the settings; the window shows a change immediately and reverts a refused one.
import { flushSync } from "svelte";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FakeCore } from "../test/core.ts";
import { makeSettings } from "../test/values.ts";
import { uiLanguage } from "./language.svelte.ts";
import { SettingsStore } from "./settings.svelte.ts";

let core: FakeCore;
let settings: SettingsStore;
let stop: () => void = () => undefined;

beforeEach(async () => {
  core = new FakeCore();
  settings = new SettingsStore();
  stop = settings.start();
  await settings.load();
});
afterEach(() => {
  stop();
  uiLanguage.chosen = null;
});

it("shows a change before the core has answered, and keeps the core's answer", async () => {
  core.answers.set("change_settings", (args) => ({ ...(args["settings"] as object), parallel: 7 }));
  const done = settings.change({ parallel: 5 });
  expect(settings.now?.parallel).toBe(5);
  await done;
  expect(settings.now?.parallel).toBe(7);
});

it("takes back only what was refused, of several changes at once", async () => {
  core.answers.set("change_settings", (args) => {
    const settings = args["settings"] as { parallel: number };
    if (settings.parallel > 32) {
      return Promise.reject(Object.assign(new Error("parallel"), { code: "bad-setting", problem: null }));
    }
    core.settings = args["settings"] as typeof core.settings;
    return core.settings;
  });
  const first = settings.change({ limit: 1000 });
  const second = settings.change({ parallel: 99 });
  const third = settings.change({ keepAwake: false });
  expect(settings.now).toMatchObject({ limit: 1000, parallel: 99, keepAwake: false });
  await first;
  await expect(second).rejects.toMatchObject({ code: "bad-setting" });
  await third;
  expect(settings.now).toEqual(makeSettings({ limit: 1000, keepAwake: false }));
  expect(core.settings).toEqual(settings.now);
});

it("gives the document the language and the theme that are set, and follows what is changed elsewhere", () => {
  const root = document.documentElement;
  settings.take(makeSettings({ language: "de", theme: "dark" }));
  flushSync();
  expect([uiLanguage.current, root.lang, root.dataset["theme"]]).toEqual(["de", "de", "dark"]);
  settings.take(makeSettings());
  flushSync();
  expect([uiLanguage.current, root.lang, root.dataset["theme"]]).toEqual(["en", "en", undefined]);
});
