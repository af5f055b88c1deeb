import { afterEach, describe, expect, it, vi } from "vitest";
import { uiLanguage } from "./language.svelte.ts";
import { isShortcut, keyNames, keysOf, pressed, type Shortcut, shortcuts } from "./shortcuts.ts";

afterEach(() => {
  uiLanguage.chosen = null;
  vi.unstubAllGlobals();
});
const event = (key: string, with_: KeyboardEventInit = {}): KeyboardEvent =>
  new KeyboardEvent("keydown", { key, ...with_ });

describe("a shortcut", () => {
  it("is no other's", () => {
    const all: Shortcut[] = Object.values(shortcuts);
    for (const keys of [
      all.flatMap((shortcut) => shortcut.keys),
      all.flatMap((shortcut) => shortcut.mac ?? shortcut.keys),
    ])
      expect(keys.filter((one, at) => keys.indexOf(one) !== at)).toEqual([]);
  });

  it("wants its modifiers, no more and no less; Command is as good as Ctrl", () => {
    expect(pressed(event("n", { ctrlKey: true }), "Ctrl+N")).toBe(true);
    expect(pressed(event("n", { metaKey: true }), "Ctrl+N")).toBe(true);
    expect(pressed(event("n"), "Ctrl+N")).toBe(false);
    expect(pressed(event("n", { ctrlKey: true, altKey: true }), "Ctrl+N")).toBe(false);
    expect(pressed(event("P", { ctrlKey: true, shiftKey: true }), "Ctrl+P")).toBe(false);
    expect(pressed(event("P", { ctrlKey: true, shiftKey: true }), "Ctrl+Shift+P")).toBe(true);
    expect(pressed(event("ArrowUp", { altKey: true }), "Alt+↑")).toBe(true);
    expect(pressed(event("?", { shiftKey: true }), "?")).toBe(true);
  });

  it("has the signs of a Mac's keyboard there, and its key to delete", () => {
    expect(isShortcut(event("Backspace"), "remove")).toBe(false);
    vi.stubGlobal("navigator", { platform: "MacIntel" });
    expect([keysOf("add"), keysOf("resumeAll"), keysOf("queue")]).toEqual(["⌘N", "⇧⌘P", "⌥↑"]);
    expect([keysOf("remove"), keysOf("details")]).toEqual(["⌘⌫", "⌘I"]);
    expect(isShortcut(event("Backspace", { metaKey: true }), "remove")).toBe(true);
    expect(isShortcut(event("Backspace"), "remove")).toBe(true);
    expect(isShortcut(event("Delete"), "remove")).toBe(true);
  });

  it("is called as the keyboard calls its keys", () => {
    expect(keysOf("remove")).toBe("Del");
    uiLanguage.chosen = "de";
    expect(keyNames("Ctrl+Shift+↑")).toEqual(["Strg", "Umschalt", "↑"]);
    expect(keysOf("remove")).toBe("Entf");
  });
});
