// Tests of the add dialog as a user works with it, against the fake core.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ProbeResult } from "../../lib/api.ts";
import { looked, openAdd, valueOf, write } from "../../test/add-dialog.ts";
import type { FakeCore } from "../../test/core.ts";
import { makeLook, makeSettings } from "../../test/values.ts";
import { asked, find, forgetSettings, get, open, press, rowOf, rows, textOf } from "../../test/window.ts";

let core: FakeCore;

const failure = (code: string, problem: unknown = null): Error =>
  Object.assign(new Error(code), { code, problem });

const others = (): (string | null)[] =>
  [...document.querySelectorAll("[data-testid=add-folder-other]")].map((one) => one.textContent);
const options = (cmd = "download"): Record<string, unknown> =>
  asked(core, cmd)[0]?.["options"] as Record<string, unknown>;

/** Opens the menu beside the button and chooses from it. */
async function choose(id: string): Promise<void> {
  await fireEvent.keyDown(get("add-others"), { key: "Enter" });
  await waitFor(() => get(id));
  await press(id);
}

beforeEach(async () => {
  forgetSettings();
  core = await open();
});

describe("the add dialog", () => {
  it("opens on Ctrl+N with the link field focused and the default folder named", async () => {
    await fireEvent.keyDown(window, { key: "n", ctrlKey: true });
    await waitFor(() => expect(document.activeElement).toBe(get("add-url")));
    await waitFor(() => expect(textOf("add-folder")).toContain("~/Downloads"));
  });

  it("opens with the clipboard's link when it holds one, and with nothing else of it", async () => {
    core.answers.set("clipboard", () => " https://a.example/from-clipboard.zip\n");
    await press("add-open");
    await waitFor(() => expect(valueOf("add-url")).toBe("https://a.example/from-clipboard.zip"));
    // The link may work only once, or sign the user out: no request is sent before a press.
    await looked("unasked");
    expect(textOf("look")).toContain("a.example hasn’t been contacted yet.");
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(asked(core, "look")).toEqual([]);
    await press("look-ask");
    await looked("found");
    await fireEvent.keyDown(get("add-url"), { key: "Escape" });
    core.answers.set("clipboard", () => "my secret is https://a.example/x");
    await waitFor(() => expect(find("add-url")).toBeNull());
    await openAdd("");
    await waitFor(() => expect(asked(core, "clipboard")).toHaveLength(2));
    await tick();
    expect(valueOf("add-url")).toBe("");
  });

  it("does not put the clipboard in the place of what was typed", async () => {
    let give: (text: string) => void = () => undefined;
    core.answers.set("clipboard", () => new Promise((resolve) => (give = resolve)));
    await openAdd("https://a.example/typed");
    give("https://a.example/late");
    await tick();
    await tick();
    expect(valueOf("add-url")).toBe("https://a.example/typed");
  });

  it.each([
    ["", "Paste at least one link."],
    ["not a link", "“not” isn’t a link."],
    ["ftp://a.example/x", "ftp: links aren’t supported. Use http or https."],
    ["see example.org/x", "isn’t a link."],
    ["https://a.example/[1-5000]", "That’s 5,000 links. You can add up to 1,000 at once."],
    ["curl -X POST https://a.example", "uses -X POST"],
  ])("refuses %j in words and asks the core nothing", async (text, words) => {
    await openAdd(text);
    expect(find("field-error")).toBeNull();
    await press("add-start");
    await waitFor(() => expect(textOf("field-error")).toContain(words));
    expect(asked(core, "download")).toEqual([]);
    expect(asked(core, "download_many")).toEqual([]);
  });

  it("asks for the download with what was typed, and selects it", async () => {
    await openAdd("https://a.example/big.iso");
    await write("add-name", " mine.iso ");
    await press("add-more");
    await write("add-connections", "4");
    await write("add-limit", "2.5 MB/s");
    await write("add-checksum", "AB".repeat(32));
    expect(document.body.textContent).toContain("Detected: SHA-256");
    await write("add-headers", "X-One: 1\nCookie: overruled");
    await write("add-cookies", "a=b");
    await write("add-referrer", "https://r.example/");
    await write("add-agent", "Me/1");
    await write("add-user", "me");
    await write("add-password", "secret");
    await write("add-proxy", "p.example:3128");
    await write("add-start-at", "2031-01-02T03:04");
    await press("add-priority-high");
    await press("add-start");
    await waitFor(() => expect(find("add-url")).toBeNull());
    expect(asked(core, "download")[0]).toMatchObject({
      url: "https://a.example/big.iso",
      options: {
        folder: null,
        name: "mine.iso",
        headers: [
          ["Referer", "https://r.example/"],
          ["User-Agent", "Me/1"],
          ["Cookie", "a=b"],
          ["X-One", "1"],
        ],
        checksum: `sha-256:${"ab".repeat(32)}`,
        connections: 4,
        limit: 2_500_000,
        paused: false,
        credentials: { user: "me", password: "secret" },
        proxy: "http://p.example:3128",
        priority: "high",
        startAt: new Date(2031, 0, 2, 3, 4).getTime(),
      },
    });
    core.tick();
    await waitFor(() => expect(rows()).toEqual(["1"]));
    expect(rowOf(1).getAttribute("aria-selected")).toBe("true");
  });

  it("opens More when something in it is wrong", async () => {
    await openAdd("https://a.example/x");
    await press("add-more");
    await write("add-checksum", "abc");
    await press("add-more");
    expect(find("add-checksum")).toBeNull();
    await press("add-start");
    await waitFor(() => expect(get("add-checksum").getAttribute("aria-invalid")).toBe("true"));
    expect(asked(core, "download")).toEqual([]);
  });

  it.each([
    ["Enter in the link", "add-url", {}],
    ["Ctrl+Enter in a field", "add-headers", { ctrlKey: true }],
  ])("starts on %s", async (_, field, with_) => {
    await openAdd("https://a.example/x");
    await press("add-more");
    await fireEvent.keyDown(get(field), { key: "Enter", ...with_ });
    await waitFor(() => expect(asked(core, "download")).toHaveLength(1));
  });

  it("adds it paused by the menu beside the button", async () => {
    await openAdd("https://a.example/x");
    await choose("add-later");
    await waitFor(() => expect(options()).toMatchObject({ paused: true }));
  });

  it("leads from the menu to the time at which it starts", async () => {
    await openAdd("https://a.example/x");
    await choose("add-schedule");
    await waitFor(() => expect(document.activeElement).toBe(get("add-start-at")));
    await write("add-start-at", "2031-01-02T03:04");
    await press("add-start");
    const startAt = new Date(2031, 0, 2, 3, 4).getTime();
    await waitFor(() => expect(options()).toMatchObject({ startAt }));
  });

  it("remembers whether the advanced options are shown", async () => {
    await openAdd("https://a.example/x");
    await press("add-more");
    await fireEvent.keyDown(get("add-url"), { key: "Escape" });
    await waitFor(() => expect(find("add-url")).toBeNull());
    await openAdd("");
    expect(find("add-connections")).not.toBeNull();
  });

  it("puts https:// in front where a scheme is missing, and shows that", async () => {
    await openAdd("a.example/x.zip");
    await fireEvent.blur(get("add-url"));
    await tick();
    expect(valueOf("add-url")).toBe("https://a.example/x.zip");
    await press("add-start");
    await waitFor(() => expect(asked(core, "download")[0]?.["url"]).toBe("https://a.example/x.zip"));
  });

  it("keeps what the core refused, in the core's problem's words", async () => {
    core.answers.set("download", () =>
      Promise.reject(failure("bad-link", { code: "unknown-host", host: "b.example" })),
    );
    await openAdd("https://b.example/2");
    await press("add-start");
    await waitFor(() => expect(textOf("field-error")).toContain("Server b.example not found"));
    expect(valueOf("add-url")).toBe("https://b.example/2");
  });

  it("takes the picked folder by its id", async () => {
    core.answers.set("pick_folder", () => ({ id: "f7", label: "/mnt/films" }));
    await openAdd("https://a.example/x");
    await press("add-folder");
    await waitFor(() => expect(textOf("add-folder")).toContain("/mnt/films"));
    await press("add-start");
    await waitFor(() => expect(options()).toMatchObject({ folder: "f7" }));
  });

  it("offers the folders used last, and the usual one again once another is chosen", async () => {
    core.recent = [
      { id: "f7", label: "/mnt/films" },
      { id: "f3", label: "/mnt/music" },
      { id: "f1", label: "/old/music" },
    ];
    await openAdd("https://a.example/one.zip");
    await waitFor(() => expect(others()).toEqual(["films", "/mnt/music", "/old/music"]));
    await press("add-folder-other");
    expect(textOf("add-folder")).toContain("/mnt/films");
    expect(document.activeElement).toBe(get("add-folder"));
    expect(others()).toEqual(["/mnt/music", "/old/music", "Downloads"]);
    await press("add-start");
    await waitFor(() => expect(options()).toMatchObject({ folder: "f7" }));
  });

  it("suggests the folder of the category, the server's and then the person's", async () => {
    const films = { id: "films", label: "~/Films" };
    core.settings = makeSettings({ categories: [{ category: "video", folder: films }] });
    core.answers.set("settings", () => core.settings);
    core.answers.set("look", (args) =>
      makeLook(args["url"] as string, { category: "disc", folder: { id: "d", label: "~/Discs" } }),
    );
    await press("settings-open");
    await waitFor(() => get("settings-go-system"));
    await fireEvent.keyDown(get("settings-go-system"), { key: "Escape" });
    await waitFor(() => expect(find("settings")).toBeNull());
    await openAdd("https://a.example/x.iso");
    await waitFor(() => expect(textOf("add-folder")).toContain("~/Discs"));
    expect(valueOf("add-category")).toBe("disc");
    await fireEvent.change(get("add-category"), { target: { value: "video" } });
    await waitFor(() => expect(textOf("add-folder")).toContain("~/Films"));
    await press("add-start");
    await waitFor(() => expect(options()).toMatchObject({ folder: "films" }));
  });
});

describe("the look at a link", () => {
  it("says size, sort and server, and names the file as the server does unless the person did", async () => {
    core.answers.set("look", (args) =>
      makeLook(args["url"] as string, { name: "real name.iso", total: 4_700_000_000, category: "disc" }),
    );
    await openAdd("https://a.example/get?id=7");
    await looked("found");
    expect(textOf("look")).toContain("4.70 GB");
    expect(textOf("look")).toContain("Disk image from a.example");
    expect(textOf("look-resumable")).toMatch(/Resumable\s+16 connections/);
    expect(textOf("look")).toContain("real name.iso");
    expect(valueOf("add-name")).toBe("real name.iso");
    await press("add-start");
    await waitFor(() => expect(options()).toMatchObject({ name: null }));
  });

  it("says before it begins that it cannot be paused", async () => {
    core.answers.set("look", (args) => makeLook(args["url"] as string, { resumable: false, connections: 1 }));
    await openAdd("https://a.example/x");
    await looked("found");
    expect(textOf("look-resumable")).toContain("Can’t be resumed: pausing restarts it.");
  });

  it("says honestly why there is no answer, and asks again when told to", async () => {
    core.answers.set("look", () =>
      Promise.reject(failure("bad-link", { code: "not-found", host: "a.example" })),
    );
    await openAdd("https://a.example/x");
    await looked("failed");
    expect(textOf("look")).toContain("File not found on a.example (404)");
    core.answers.delete("look");
    await press("look-again");
    await looked("found");
    expect(asked(core, "look")).toHaveLength(2);
  });

  it("waits until the typing rests", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await openAdd("https://a.example/");
    for (const text of ["https://a.example/x", "https://a.example/xy", "https://a.example/xyz"]) {
      await write("add-url", text);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(asked(core, "look")).toEqual([]);
    await vi.advanceTimersByTimeAsync(400);
    expect(asked(core, "look").map((args) => args["url"])).toEqual(["https://a.example/xyz"]);
  });

  it("never lets an earlier answer take the place of a later one", async () => {
    const give = new Map<string, (look: ProbeResult) => void>();
    core.answers.set("look", (args) => new Promise((resolve) => give.set(args["url"] as string, resolve)));
    await openAdd("https://a.example/first");
    await waitFor(() => expect(give.has("https://a.example/first")).toBe(true));
    await write("add-url", "https://a.example/second");
    await waitFor(() => expect(give.has("https://a.example/second")).toBe(true));
    give.get("https://a.example/second")?.(makeLook("https://a.example/second", { total: 2_000_000 }));
    await looked("found");
    give.get("https://a.example/first")?.(makeLook("https://a.example/first", { total: 1_000 }));
    await tick();
    await tick();
    expect(textOf("look-size")).toBe("2.00 MB");
    expect(valueOf("add-name")).toBe("second");
  });

  it("asks again when what goes along changes, and not for a name or a limit", async () => {
    await openAdd("https://a.example/x");
    await looked("found");
    await write("add-name", "y");
    await press("add-more");
    await write("add-limit", "1 MB");
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(asked(core, "look")).toHaveLength(1);
    await write("add-cookies", "a=b");
    await waitFor(() => expect(asked(core, "look")).toHaveLength(2));
    expect(asked(core, "look")[1]?.["options"]).toMatchObject({ headers: [["Cookie", "a=b"]] });
  });

  it("is waited for before the download begins: the link may work only once", async () => {
    let give: (look: ProbeResult) => void = () => undefined;
    core.answers.set("look", () => new Promise((resolve) => (give = resolve)));
    await openAdd("https://a.example/once");
    await waitFor(() => expect(asked(core, "look")).toHaveLength(1));
    await press("add-start");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked(core, "download")).toEqual([]);
    give(makeLook("https://a.example/once"));
    await waitFor(() => expect(asked(core, "download")).toHaveLength(1));
  });
});
