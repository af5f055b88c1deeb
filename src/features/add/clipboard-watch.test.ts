// Tests of the offer of copied links, in the window.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { beforeEach, expect, it } from "vitest";
import { FakeCore } from "../../test/core.ts";
import { makeRow, makeSettings } from "../../test/values.ts";
import { asked, find, get, press, show, textOf } from "../../test/window.ts";

let core: FakeCore;
let copied = "";

async function openWith(watchClipboard: boolean): Promise<void> {
  core = new FakeCore([makeRow(1, { url: "https://a.example/old.zip" })]);
  core.settings = makeSettings({ watchClipboard });
  core.answers.set("clipboard", () => copied);
  await show(core);
  core.tick();
  await waitFor(() => expect(asked(core, "settings")).not.toEqual([]));
  await focus();
}
async function focus(): Promise<void> {
  await fireEvent.focus(window);
  await new Promise((resolve) => setTimeout(resolve, 10));
  await tick();
}

beforeEach(() => {
  copied = "https://a.example/before";
});

it("a link that was copied elsewhere is offered once, and nothing is asked of its server before the press", async () => {
  await openWith(true);
  expect(find("toast")).toBeNull();
  copied = "https://a.example/new%20file.iso";
  await focus();
  await waitFor(() => expect(textOf("toast")).toContain("Link copied: new file.iso"));
  await focus();
  expect(document.querySelectorAll("[data-testid=toast]")).toHaveLength(1);
  expect([asked(core, "look"), asked(core, "download")]).toEqual([[], []]);
  await press("toast-action");
  await waitFor(() =>
    expect((get("add-url") as HTMLTextAreaElement).value).toBe("https://a.example/new%20file.iso"),
  );
});

it("the first link that is copied after the start is offered, and what was there before is not", async () => {
  core = new FakeCore([makeRow(1, { url: "https://a.example/old.zip" })]);
  core.settings = makeSettings({ watchClipboard: true });
  core.answers.set("clipboard", () => copied);
  await show(core);
  await waitFor(() => expect(asked(core, "clipboard")).toHaveLength(1));
  copied = "https://a.example/first.iso";
  await focus();
  await waitFor(() => expect(textOf("toast")).toContain("first.iso"));
});

it.each(["some words", "https://a.example/old.zip"])("%j is not offered", async (text) => {
  await openWith(true);
  copied = text;
  await focus();
  expect(find("toast")).toBeNull();
});

it("the clipboard is not read unless that is switched on", async () => {
  await openWith(false);
  copied = "https://a.example/new.iso";
  await focus();
  expect(asked(core, "clipboard")).toEqual([]);
});
