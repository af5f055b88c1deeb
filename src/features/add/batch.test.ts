// Tests of batches of links and of pasted commands as a user works with them.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { ProbeResult } from "../../lib/api.ts";
import type { FakeCore } from "../../test/core.ts";
import { makeLook } from "../../test/values.ts";
import { asked, find, get, open, press, textOf } from "../../test/window.ts";

let core: FakeCore;

const write = async (text: string): Promise<void> => {
  await fireEvent.input(get("add-url"), { target: { value: text } });
  await tick();
};
async function openAdd(text: string): Promise<void> {
  await press("add-open");
  await waitFor(() => get("add-url"));
  await write(text);
}
const lines = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-testid=many-row]")];
const urls = (): (string | undefined)[] => lines().map((item) => item.dataset["url"]);
const box = (at: number): HTMLInputElement =>
  lines()[at]?.querySelector<HTMLInputElement>("input") ?? document.createElement("input");
const chip = (ending: string): HTMLElement =>
  document.querySelector<HTMLElement>(`[data-testid=many-type][data-type="${ending}"]`) ?? document.body;
const added = (): unknown[] => asked(core, "download_many").map((args) => args["items"]);

beforeEach(async () => {
  core = await open([1, { url: "https://a.example/old.zip" }]);
});

describe("many links", () => {
  it("become a table, each once, and one command", async () => {
    await openAdd("https://a.example/1.zip\nhttps://b.example/2.jpg https://a.example/1.zip");
    expect(urls()).toEqual(["https://a.example/1.zip", "https://b.example/2.jpg"]);
    await fireEvent.keyDown(get("add-others"), { key: "Enter" });
    await waitFor(() => get("add-later"));
    await press("add-later");
    await waitFor(() => expect(find("add-url")).toBeNull());
    expect(asked(core, "download_many")).toEqual([
      {
        items: [
          { url: "https://a.example/1.zip", name: null },
          { url: "https://b.example/2.jpg", name: null },
        ],
        options: expect.objectContaining({ paused: true, folder: null, checksum: null }) as unknown,
      },
    ]);
  });

  it("are found in any text", async () => {
    await openAdd("First https://a.example/1 (and https://a.example/2).");
    expect(urls()).toEqual(["https://a.example/1", "https://a.example/2"]);
  });

  it("come from a pattern, whose count is said, unless it is none", async () => {
    await openAdd("https://a.example/[01-20].jpg");
    expect(textOf("many-sum")).toContain("20 of 20 selected");
    expect(get("many-table").getAttribute("aria-rowcount")).toBe("21");
    expect(textOf("add-pattern")).toContain("20 links");
    await fireEvent.click(get("add-expand"));
    await tick();
    expect(find("many-table")).toBeNull();
    await press("add-start");
    await waitFor(() =>
      expect(asked(core, "download").map((args) => args["url"])).toEqual(["https://a.example/[01-20].jpg"]),
    );
  });

  it("are left out also where the list's rows carry only their beginning", async () => {
    const long = `https://a.example/signed.zip?${"x".repeat(4_000)}`;
    core.links.set(1, long);
    core.change(1, { url: `${long.slice(0, 2_500)}…` });
    core.tick();
    await openAdd(`${long}\nhttps://a.example/new.zip`);
    await waitFor(() => expect([box(0).checked, box(1).checked]).toEqual([false, true]));
    await fireEvent.click(box(0));
    await write(`${long}\nhttps://a.example/new.zip\nhttps://a.example/third.zip`);
    await waitFor(() => expect(lines()).toHaveLength(3));
    expect(box(0).checked).toBe(true);
  });

  it("are left out when they are in the list already, until somebody wants them", async () => {
    await openAdd("https://a.example/old.zip\nhttps://a.example/new.zip\nhttps://a.example/other.zip");
    expect([box(0).checked, box(1).checked, box(2).checked]).toEqual([false, true, true]);
    await fireEvent.click(box(0));
    await fireEvent.click(box(1));
    await press("add-start");
    await waitFor(() =>
      expect(added()).toEqual([
        [
          { url: "https://a.example/old.zip", name: null },
          { url: "https://a.example/other.zip", name: null },
        ],
      ]),
    );
  });

  it("are filtered by server and type, and all that are shown are ticked at once", async () => {
    await openAdd(
      [
        "https://a.example/1.zip",
        "https://a.example/2.jpg",
        "https://b.example/3.jpg",
        "https://b.example/4",
      ].join("\n"),
    );
    await fireEvent.click(chip("jpg"));
    expect(urls()).toEqual(["https://a.example/2.jpg", "https://b.example/3.jpg"]);
    await fireEvent.click(get("many-all"));
    await tick();
    expect(textOf("many-sum")).toContain("2 of 4 selected");
    await fireEvent.click(chip("jpg"));
    await fireEvent.change(get("many-host"), { target: { value: "b.example" } });
    await tick();
    expect([box(0).checked, box(1).checked]).toEqual([false, true]);
    expect((get("many-all") as HTMLInputElement).indeterminate).toBe(true);
  });

  it("are filtered by a text or a pattern, inverted, and sorted by a column", async () => {
    await openAdd("https://a.example/b10.jpg https://a.example/b2.jpg https://c.example/a.zip");
    await fireEvent.input(get("many-filter"), { target: { value: "*.jpg" } });
    await tick();
    expect(urls()).toEqual(["https://a.example/b10.jpg", "https://a.example/b2.jpg"]);
    await press("many-sort-name");
    expect(urls()).toEqual(["https://a.example/b2.jpg", "https://a.example/b10.jpg"]);
    await press("many-invert");
    expect(textOf("many-sum")).toContain("1 of 3 selected");
    await fireEvent.input(get("many-filter"), { target: { value: "" } });
    await press("many-sort-name");
    expect(urls()[0]).toBe("https://a.example/b10.jpg");
    await press("many-sort-name");
    expect(urls()[2]).toBe("https://c.example/a.zip");
  });

  it("get names by a template, in the order of the table", async () => {
    await openAdd("https://a.example/b10.jpg https://a.example/b2.JPG");
    await press("many-sort-name");
    await fireEvent.input(get("many-names"), { target: { value: "{x}" } });
    await press("add-start");
    expect(added()).toEqual([]);
    expect(textOf("field-error")).toContain("{n:02}");
    await fireEvent.input(get("many-names"), { target: { value: "trip {n:02}" } });
    await press("add-start");
    await waitFor(() =>
      expect(added()).toEqual([
        [
          { url: "https://a.example/b10.jpg", name: "trip 02.jpg" },
          { url: "https://a.example/b2.JPG", name: "trip 01.JPG" },
        ],
      ]),
    );
  });

  it("come from a file that is opened, with the names and checksums that a Metalink has", async () => {
    await press("add-open");
    await waitFor(() => get("add-file"));
    const text = `<metalink><file name="one.iso"><url>https://a.example/1</url>
      <hash type="sha-256">${"7".repeat(64)}</hash></file>
      <file name="two.iso"><url>https://a.example/2</url></file></metalink>`;
    const files = [new File([text], "set.meta4")];
    await fireEvent.change(get("add-file"), { target: { files } });
    await waitFor(() => expect(lines()).toHaveLength(2));
    expect(asked(core, "look")).toEqual([]);
    await press("add-start");
    await waitFor(() =>
      expect(added()).toEqual([
        [
          { url: "https://a.example/1", name: "one.iso", checksum: `sha-256:${"7".repeat(64)}` },
          { url: "https://a.example/2", name: "two.iso" },
        ],
      ]),
    );
  });

  it("are taken from a pasted Metalink; the checksum of a single file is in its field", async () => {
    await press("add-open");
    await waitFor(() => get("add-url"));
    const text = `<?xml version="1.0"?><metalink xmlns="urn:ietf:params:xml:ns:metalink"><file name="one.iso">
      <hash type="sha-256">${"8".repeat(64)}</hash><url>https://a.example/1</url></file></metalink>`;
    const clipboardData = { getData: (type: string) => (type === "text/plain" ? text : "") };
    await fireEvent.paste(get("add-url"), { clipboardData });
    await waitFor(() => expect(get("add-url")).toHaveProperty("value", "https://a.example/1"));
    expect(textOf("add-curl")).toContain("From the Metalink: Name, Checksum.");
    await press("add-start");
    const options = { name: "one.iso", checksum: `sha-256:${"8".repeat(64)}` };
    await waitFor(() =>
      expect(asked(core, "download")).toMatchObject([{ url: "https://a.example/1", options }]),
    );
  });

  it("cannot be added when none is ticked", async () => {
    await openAdd("https://a.example/1 https://a.example/2");
    await fireEvent.click(get("many-all"));
    await tick();
    expect(get("add-start")).toHaveProperty("disabled", true);
  });

  it("up to four are looked at by themselves, for so many answers are kept; more only when told to", async () => {
    await openAdd("https://a.example/[1-4]");
    await waitFor(() => expect(asked(core, "look")).toHaveLength(4));
    await waitFor(() => expect(textOf("many-sum")).toContain("4.00 MB total"));
    await write("https://a.example/[1-5]");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked(core, "look")).toHaveLength(4);
    await press("many-ask");
    await waitFor(() => expect(asked(core, "look")).toHaveLength(5));
  });

  it("are looked at three at a time, until somebody stops it", async () => {
    const waiting: (() => void)[] = [];
    core.answers.set(
      "look",
      (args) =>
        new Promise<ProbeResult>((resolve) => waiting.push(() => resolve(makeLook(args["url"] as string)))),
    );
    await openAdd("https://a.example/[1-9]");
    await press("many-ask");
    await waitFor(() => expect(waiting).toHaveLength(3));
    waiting[0]?.();
    await waitFor(() => expect(waiting).toHaveLength(4));
    await press("many-stop");
    for (const answer of waiting) answer();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(waiting).toHaveLength(4);
    expect(find("many-stop")).toBeNull();
    expect(textOf("many-sum")).toContain("1.00 MB total, plus 8 of unknown size");
  });

  it("say beside each why it cannot be had", async () => {
    core.answers.set("look", (args) =>
      String(args["url"]).endsWith("2")
        ? Promise.reject(
            Object.assign(new Error(), { code: "bad-link", problem: { code: "gone", host: "a.example" } }),
          )
        : makeLook(args["url"] as string, { resumable: false }),
    );
    await openAdd("https://a.example/[1-2]");
    await waitFor(() =>
      expect(lines()[1]?.textContent).toContain("This file was removed from a.example (410)"),
    );
    expect(lines()[0]?.textContent).toContain("Not resumable");
  });

  it("that were added are not added twice when the core refuses the others", async () => {
    core.answers.set("download_many", (args) =>
      (args["options"] as { headers: unknown[] }).headers.length > 0
        ? Promise.reject(Object.assign(new Error(), { code: "not-stored", problem: null }))
        : [1],
    );
    await openAdd("curl https://a.example/1\ncurl -A Me https://a.example/2");
    await press("add-start");
    await waitFor(() => get("field-error"));
    expect([box(0).checked, box(1).checked]).toEqual([false, true]);
  });
});

describe("a pasted cURL command", () => {
  it("gives link, name and what goes along to their fields, and says so", async () => {
    await openAdd(
      "curl 'https://a.example/x' -o y.zip -H 'X-A: 1' -H 'User-Agent: Me/1' -b 'a=b' -u me:pw -x p.example:1 --compressed",
    );
    await waitFor(() => expect((get("add-url") as HTMLTextAreaElement).value).toBe("https://a.example/x"));
    expect(textOf("add-curl")).toContain(
      "Imported from cURL: link, 1 header, Cookies, User agent, Username, Proxy",
    );
    await press("add-start");
    await waitFor(() => expect(asked(core, "download")).toHaveLength(1));
    expect(asked(core, "download")[0]?.["options"]).toMatchObject({
      name: "y.zip",
      headers: [
        ["User-Agent", "Me/1"],
        ["Cookie", "a=b"],
        ["X-A", "1"],
      ],
      credentials: { user: "me", password: "pw" },
      proxy: "http://p.example:1",
    });
  });

  it("beside others keeps what is its own", async () => {
    await openAdd(
      "curl -A One https://a.example/1\ncurl -A Two https://a.example/2\ncurl -A Two https://a.example/3",
    );
    await press("add-start");
    await waitFor(() => expect(added().map((items) => (items as unknown[]).length)).toEqual([1, 2]));
    expect(
      asked(core, "download_many").map((args) => (args["options"] as { headers: unknown }).headers),
    ).toEqual([[["User-Agent", "One"]], [["User-Agent", "Two"]]]);
  });
});
