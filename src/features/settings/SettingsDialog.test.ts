// Tests of the settings as a user works with them, against the fake core.
import { cleanup, fireEvent, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Settings } from "../../lib/api.ts";
import { uiLanguage } from "../../lib/language.svelte.ts";
import type { FakeCore } from "../../test/core.ts";
import type { SettingsPage } from "../../lib/settings-pages.ts";
import { makeSettings } from "../../test/values.ts";
import { asPhone, asked, find, get, open, press, textOf } from "../../test/window.ts";

let core: FakeCore;

const valueOf = (id: string): string => (get(id) as HTMLInputElement).value;
const isOn = (id: string): boolean => (get(id) as HTMLInputElement).checked;
const sent = (): Settings | undefined =>
  asked(core, "change_settings").at(-1)?.["settings"] as Settings | undefined;

/** As a user does: types, and leaves the field. */
async function write(id: string, value: string): Promise<void> {
  await fireEvent.input(get(id), { target: { value } });
  await fireEvent.change(get(id));
  await tick();
}
async function choose(id: string, value: string): Promise<void> {
  await fireEvent.change(get(id), { target: { value } });
  await tick();
}
const pages: Record<string, SettingsPage> = {
  folder: "files",
  category: "files",
  mark: "files",
  notify: "notices",
  proxy: "network",
  unmetered: "network",
  roaming: "network",
  battery: "network",
  charging: "network",
  language: "looks",
  theme: "looks",
  autostart: "system",
  tray: "system",
  awake: "system",
  report: "about",
  version: "about",
};
/** Opens the page with this setting. */
async function openSettings(setting: string): Promise<void> {
  await press("settings-open");
  await waitFor(() => get("settings"));
  await go(setting);
}
async function go(setting: string): Promise<void> {
  const [first = ""] = setting.replace("setting-", "").split("-");
  const page = pages[first] ?? "speed";
  await press(`settings-go-${page}`);
  await waitFor(() => {
    expect(get("settings").querySelector(`[data-part=${page}] [data-testid^=setting-]`)).not.toBeNull();
  });
}

beforeEach(async () => {
  core = await open();
});
afterEach(() => {
  uiLanguage.chosen = null;
});

describe("a setting that is typed", () => {
  it.each([
    ["setting-limit", "2.5 MB/s", { limit: 2_500_000 }],
    ["setting-limit", "16 Mbit/s", { limit: 2_000_000 }],
    ["setting-slow-limit", "100 kB/s", { slowLimit: 100_000 }],
    ["setting-parallel", "8", { parallel: 8 }],
    ["setting-per-host", "2", { perHost: 2 }],
    ["setting-connections", "5", { connections: 5 }],
  ])("%s takes %j at once, with all the others as they are", async (id, text, part) => {
    await openSettings(id);
    await write(id, text);
    await waitFor(() => expect(sent()).toEqual(makeSettings(part)));
  });

  it.each([
    ["setting-limit", "fast", "Enter a speed"],
    ["setting-slow-limit", "", "Enter a speed"],
    ["setting-parallel", "33", "from 1 to 32"],
    ["setting-parallel", "0", "from 1 to 32"],
    ["setting-per-host", "many", "or leave it empty"],
    ["setting-connections", "17", "from 1 to 16"],
  ])("%s says beside it why not %j, and asks the core nothing", async (id, text, words) => {
    await openSettings(id);
    await write(id, text);
    expect(textOf(`${id}-error`)).toContain(words);
    const field = get(id);
    expect(field.getAttribute("aria-invalid")).toBe("true");
    expect(field.getAttribute("aria-describedby")).toContain(get(`${id}-error`).id);
    expect(sent()).toBeUndefined();
    await write(id, "3 ");
    expect(find(`${id}-error`)).toBeNull();
  });

  it("goes back to what is set with Escape, before Escape closes the view", async () => {
    await openSettings("setting-parallel");
    await fireEvent.input(get("setting-parallel"), { target: { value: "9" } });
    await fireEvent.keyDown(get("setting-parallel"), { key: "Escape" });
    expect(valueOf("setting-parallel")).toBe("4");
    await fireEvent.keyDown(get("setting-parallel"), { key: "Escape" });
    await waitFor(() => expect(find("settings")).toBeNull());
    expect(sent()).toBeUndefined();
  });

  it("is put back, with the core's reason, when the core refuses it", async () => {
    core.answers.set("change_settings", () =>
      Promise.reject(Object.assign(new Error("parallel"), { code: "not-stored", problem: null })),
    );
    await openSettings("setting-parallel");
    await write("setting-parallel", "9");
    await waitFor(() => expect(textOf("setting-parallel-error")).toContain("Couldn’t save the list"));
    expect(valueOf("setting-parallel")).toBe("4");
  });

  it("shows what was changed elsewhere", async () => {
    await openSettings("setting-limit");
    core.tell({ settings: makeSettings({ limit: 1_000_000, slow: true }) });
    await waitFor(() => expect(core.tick()).toBe(true));
    await waitFor(() => expect(valueOf("setting-limit")).toBe("1"));
    expect(isOn("setting-slow")).toBe(true);
  });
});

describe("a setting that is on or off", () => {
  beforeEach(() => {
    core.platform = { ...core.platform, metered: true, battery: true };
  });

  it.each([
    ["setting-slow", { slow: true }],
    ["setting-notify-finished", { notifyFinished: false }],
    ["setting-notify-failed", { notifyFailed: false }],
    ["setting-autostart", { startWithSystem: true }],
    ["setting-tray", { closeToTray: true }],
    ["setting-awake", { keepAwake: false }],
    ["setting-mark", { markDownloads: false }],
    ["setting-unmetered", { network: { ...makeSettings().network, unmeteredOnly: true } }],
    ["setting-battery", { network: { ...makeSettings().network, pauseOnLowBattery: true } }],
    ["setting-charging", { network: { ...makeSettings().network, onlyWhenCharging: true } }],
  ])("%s is in force at once", async (id, part) => {
    await openSettings(id);
    const before = isOn(id);
    await fireEvent.click(get(id));
    await waitFor(() => expect(sent()).toEqual(makeSettings(part)));
    expect(isOn(id)).toBe(!before);
  });

  it("goes back when the core refuses it", async () => {
    core.answers.set("change_settings", () =>
      Promise.reject(Object.assign(new Error("no autostart here"), { code: "system", problem: null })),
    );
    await openSettings("setting-autostart");
    await fireEvent.click(get("setting-autostart"));
    await waitFor(() => expect(textOf("setting-autostart-error")).toContain("no autostart here"));
    expect(isOn("setting-autostart")).toBe(false);
  });

  it.each([
    [{ metered: false, battery: false }, []],
    [{ metered: true, battery: false }, ["setting-unmetered"]],
    [{ metered: false, battery: true }, ["setting-battery", "setting-charging"]],
  ])("is there only where the system says what it waits for: %j", async (says, there) => {
    core.platform = { ...core.platform, ...says };
    await openSettings("setting-unmetered");
    const all = ["setting-unmetered", "setting-battery", "setting-charging"];
    expect(all.filter((id) => find(id) !== null)).toEqual(there);
  });

  it("is there only where the system has it", async () => {
    core.platform = { ...core.platform, os: "android", mobile: true, tray: false, autostart: false };
    await openSettings("setting-tray");
    expect([find("setting-tray"), find("setting-autostart")]).toEqual([null, null]);
    await go("setting-roaming");
    await fireEvent.click(get("setting-roaming"));
    await waitFor(() => expect(sent()?.network.pauseOnRoaming).toBe(true));
  });
});

it("language and theme change the window at once", async () => {
  await openSettings("setting-language");
  await choose("setting-language", "de");
  await waitFor(() => expect(document.querySelector(".modal-title")?.textContent).toBe("Einstellungen"));
  expect(document.documentElement.lang).toBe("de");
  await choose("setting-theme", "dark");
  await waitFor(() => expect(document.documentElement.dataset["theme"]).toBe("dark"));
  await choose("setting-language", "system");
  await waitFor(() => expect(sent()).toMatchObject({ language: null, theme: "dark" }));
});

describe("the proxy", () => {
  it("of one's own is asked for before anything is changed", async () => {
    await openSettings("setting-proxy");
    await choose("setting-proxy", "custom");
    expect(sent()).toBeUndefined();
    await write("setting-proxy-url", "ftp://p.example");
    expect(textOf("setting-proxy-url-error")).toContain("socks5://");
    await write("setting-proxy-url", "socks5://p.example:1080");
    await waitFor(() => expect(sent()?.proxy).toEqual({ kind: "custom", url: "socks5://p.example:1080" }));
    await choose("setting-proxy", "none");
    await waitFor(() => expect(sent()?.proxy).toEqual({ kind: "none" }));
    expect(find("setting-proxy-url")).toBeNull();
  });

  it("whose password has to be given again says so", async () => {
    core.answers.set("change_settings", () =>
      Promise.reject(Object.assign(new Error("proxy"), { code: "bad-setting", problem: null })),
    );
    await openSettings("setting-proxy");
    await choose("setting-proxy", "custom");
    await write("setting-proxy-url", "http://me:***@p.example:1");
    await waitFor(() => expect(textOf("setting-proxy-url-error")).toContain("enter the password again"));
  });
});

describe("folders", () => {
  it("are chosen by the system's dialog, for everything and for a category, and forgotten again", async () => {
    core.answers.set("pick_folder", () => ({ id: "f7", label: "/mnt/films" }));
    await openSettings("setting-category-video");
    await press("setting-category-video");
    await waitFor(() =>
      expect(sent()?.categories).toEqual([{ category: "video", folder: { id: "f7", label: "/mnt/films" } }]),
    );
    await waitFor(() => expect(textOf("setting-category-video")).toContain("/mnt/films"));
    await press("setting-category-video-forget");
    await waitFor(() => expect(sent()?.categories).toEqual([]));
    await press("setting-folder");
    await waitFor(() => expect(sent()?.folder.id).toBe("f7"));
  });

  it("stay when the dialog is closed without a choice", async () => {
    core.answers.set("pick_folder", () => null);
    await openSettings("setting-folder");
    await press("setting-folder");
    await waitFor(() => expect(asked(core, "pick_folder")).toHaveLength(1));
    await tick();
    expect(sent()).toBeUndefined();
  });
});

describe("the report", () => {
  it("goes to the clipboard, which is said", async () => {
    const writeText = vi.fn(() => Promise.resolve());
    Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
    await openSettings("setting-version");
    expect(textOf("setting-version")).toBe("Millrace 1.2.3");
    await press("setting-report");
    await waitFor(() => expect(textOf("setting-report-told")).toContain("Copied."));
    expect(writeText).toHaveBeenCalledWith("Millrace 1.2.3");
    Reflect.deleteProperty(navigator, "clipboard");
  });

  it("is shown to be copied by hand when the clipboard does not take it", async () => {
    await openSettings("setting-report");
    await press("setting-report");
    await waitFor(() => expect(document.querySelector("textarea")?.value).toBe("Millrace 1.2.3"));
  });
});

describe("the pages", () => {
  it("are tabs, and the one that was read last is opened again", async () => {
    await openSettings("setting-limit");
    expect(find("setting-folder")).toBeNull();
    await fireEvent.keyDown(get("setting-limit"), { key: "Escape" });
    await waitFor(() => expect(find("settings")).toBeNull());
    await press("settings-open");
    await waitFor(() => get("setting-limit"));
    expect(get("settings-go-speed").getAttribute("aria-selected")).toBe("true");
  });

  it("are a list on a phone, which the way back leads to", async () => {
    asPhone();
    cleanup();
    core = await open();
    await press("settings-open");
    await waitFor(() => get("settings-go-speed"));
    expect(find("setting-limit")).toBeNull();
    await press("settings-go-speed");
    await waitFor(() => get("setting-limit"));
    await press("modal-back");
    await waitFor(() => expect(document.activeElement).toBe(get("settings-go-speed")));
    expect(find("setting-limit")).toBeNull();
  });
});

describe("a number", () => {
  it("changes in steps, and stops at its bounds", async () => {
    core.settings = makeSettings({ connections: 15, perHost: 1 });
    await openSettings("setting-connections");
    await waitFor(() => expect(valueOf("setting-connections")).toBe("15"));
    await press("setting-connections-more");
    await waitFor(() => expect(sent()?.connections).toBe(16));
    await waitFor(() => expect((get("setting-connections-more") as HTMLButtonElement).disabled).toBe(true));
    await fireEvent.keyDown(get("setting-connections"), { key: "ArrowDown" });
    await waitFor(() => expect(sent()?.connections).toBe(15));
    await press("setting-per-host-less");
    await waitFor(() => expect(sent()?.perHost).toBeNull());
  });
});

describe("a speed", () => {
  it("has a unit, which changes it", async () => {
    core.settings = makeSettings({ limit: 1_500_000 });
    await openSettings("setting-limit");
    await waitFor(() =>
      expect([valueOf("setting-limit"), valueOf("setting-limit-unit")]).toEqual(["1.5", "MB/s"]),
    );
    await choose("setting-limit-unit", "kB/s");
    await waitFor(() => expect(sent()?.limit).toBe(1_500));
    await write("setting-limit", "250");
    await waitFor(() => expect(sent()?.limit).toBe(250_000));
    await write("setting-limit", "");
    await waitFor(() => expect(sent()?.limit).toBeNull());
  });
});
