// Settings are the core's; the window shows a change at once and takes back what was refused.
import { flushSync } from "svelte";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FakeCore } from "../test/core.ts";
import { makeSettings } from "../test/values.ts";
import { spoken } from "./language.svelte.ts";
import { Preferences } from "./settings.svelte.ts";

let core: FakeCore;
let preferences: Preferences;
let stop: () => void = () => undefined;

beforeEach(async () => {
  core = new FakeCore();
  preferences = new Preferences();
  stop = preferences.start();
  await preferences.load();
});
afterEach(() => {
  stop();
  spoken.chosen = null;
});

it("shows a change before the core has answered, and keeps the core's answer", async () => {
  core.answers.set("change_settings", (args) => ({ ...(args["settings"] as object), parallel: 7 }));
  const done = preferences.change({ parallel: 5 });
  expect(preferences.now?.parallel).toBe(5);
  await done;
  expect(preferences.now?.parallel).toBe(7);
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
  const first = preferences.change({ limit: 1000 });
  const second = preferences.change({ parallel: 99 });
  const third = preferences.change({ keepAwake: false });
  expect(preferences.now).toMatchObject({ limit: 1000, parallel: 99, keepAwake: false });
  await first;
  await expect(second).rejects.toMatchObject({ code: "bad-setting" });
  await third;
  expect(preferences.now).toEqual(makeSettings({ limit: 1000, keepAwake: false }));
  expect(core.settings).toEqual(preferences.now);
});

it("gives the document the language and the theme that are set, and follows what is changed elsewhere", () => {
  const root = document.documentElement;
  preferences.take(makeSettings({ language: "de", theme: "dark" }));
  flushSync();
  expect([spoken.current, root.lang, root.dataset["theme"]]).toEqual(["de", "de", "dark"]);
  preferences.take(makeSettings());
  flushSync();
  expect([spoken.current, root.lang, root.dataset["theme"]]).toEqual(["en", "en", undefined]);
});
