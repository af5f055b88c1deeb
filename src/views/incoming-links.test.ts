// Tests of links that reach the window from elsewhere (pasted, dropped, sent by another program), against the fake core.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import { asked, find, forgetSettings, get, open, press } from "../test/window.ts";

afterEach(forgetSettings);

describe("links from elsewhere", () => {
  const data = (text: string): object => ({
    getData: (type: string) => (type === "text/plain" ? text : ""),
    types: ["text/plain"],
  });
  const link = "https://a.example/1";

  it("pasted on the window open the add dialog with them; other text does nothing", async () => {
    await open([1]);
    await fireEvent.paste(document.body, { clipboardData: data("some text") });
    expect(find("add-url")).toBeNull();
    await fireEvent.paste(document.body, { clipboardData: data(link) });
    await waitFor(() => expect(get("add-url")).toHaveProperty("value", link));
  });

  it("sent by another program open the add dialog, and no server is asked before a press or an edit", async () => {
    const core = await open([1]);
    core.tell({ add: [{ url: link, name: null, headers: [] }] });
    core.tick();
    await waitFor(() => expect(get("look").dataset["state"]).toBe("unasked"));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(asked(core, "look")).toEqual([]);
    await fireEvent.input(get("add-url"), { target: { value: `${link}?edited` } });
    await waitFor(() => expect(asked(core, "look")).toHaveLength(1));
  });

  it("bring along what the app that opened them says, which the person sees and can change", async () => {
    const core = await open([1]);
    const headers: [string, string][] = [
      ["Referer", "https://b.example/"],
      ["Cookie", "a=1"],
    ];
    core.tell({ add: [{ url: link, name: "one.zip", headers }] });
    core.tick();
    await waitFor(() => expect(get("add-url")).toHaveProperty("value", link));
    expect(get("add-name")).toHaveProperty("value", "one.zip");
    expect(get("add-curl").textContent).toContain("From the app that opened this link: Cookies, Referrer.");
    // Names and headers are filled in once: editing the link does not restore them.
    await press("add-more");
    await fireEvent.input(get("add-cookies"), { target: { value: "" } });
    await fireEvent.input(get("add-url"), { target: { value: `${link}?edited` } });
    await fireEvent.click(get("add-start"));
    await waitFor(() => expect(asked(core, "download")).toHaveLength(1));
    expect(asked(core, "download")[0]).toMatchObject({
      url: `${link}?edited`,
      options: { name: "one.zip", headers: [["Referer", "https://b.example/"]] },
    });
  });

  it("that are asked for without one open the dialog with the clipboard's, once the phone gives it", async () => {
    const core = await open([1]);
    let asks = 0;
    core.answers.set("clipboard", () => {
      asks += 1;
      return asks < 3 ? "" : link;
    });
    core.tell({ add: [] });
    core.tick();
    await waitFor(() => expect(get("add-url")).toHaveProperty("value", link), { timeout: 3_000 });
    expect(asked(core, "look")).toEqual([]);
  });

  it("dragged over it are offered a place, and dropped they are added", async () => {
    await open([1]);
    await fireEvent.dragOver(document.body, { dataTransfer: data(link) });
    expect(document.body.textContent).toContain("Drop links here");
    await fireEvent.drop(document.body, { dataTransfer: data(link) });
    await waitFor(() => expect(get("add-url")).toHaveProperty("value", link));
    expect(document.body.textContent).not.toContain("Drop links here");
  });
});
