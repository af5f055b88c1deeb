// The open dialog and the links that wait for it.
import { beforeEach, expect, it } from "vitest";
import type { Offered } from "../../lib/api.ts";
import { Dialogs } from "./dialogs.svelte.ts";

let dialogs: Dialogs;
const offered = (url: string): Offered => ({ url, name: null, headers: [] });

beforeEach(() => {
  dialogs = new Dialogs();
});

it("has one dialog open at a time", () => {
  expect(dialogs.current).toBeUndefined();
  dialogs.open({ kind: "settings" });
  dialogs.open({ kind: "shortcuts" });
  expect(dialogs.current).toEqual({ kind: "shortcuts" });
  dialogs.close();
  expect(dialogs.current).toBeUndefined();
});

it("shows offered links together, once, and only when no other dialog is open", () => {
  dialogs.open({ kind: "settings" });
  const links = [offered("https://a.example/1"), offered("https://a.example/2")];
  for (const link of links) dialogs.offer([link]);
  dialogs.showOffered();
  expect(dialogs.current).toEqual({ kind: "settings" });
  dialogs.close();
  dialogs.showOffered();
  const text = "https://a.example/1\nhttps://a.example/2";
  expect(dialogs.current).toEqual({ kind: "add", links: text, outside: true, offered: links });
  dialogs.close();
  dialogs.showOffered();
  expect(dialogs.current).toBeUndefined();
});

it("shows an empty add dialog for an offer without links, and none without an offer", () => {
  dialogs.showOffered();
  expect(dialogs.current).toBeUndefined();
  dialogs.offer([]);
  dialogs.showOffered();
  expect(dialogs.current).toEqual({ kind: "add", links: "", outside: true, offered: [] });
});
