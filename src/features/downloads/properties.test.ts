// Tests of the options of existing downloads, as a user changes them.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { FakeCore } from "../../test/core.ts";
import { asked, find, get, open, press, rowOf, textOf, type } from "../../test/window.ts";

let core: FakeCore;

async function write(id: string, value: string): Promise<void> {
  await fireEvent.input(get(id), { target: { value } });
  await fireEvent.change(get(id));
}
const valueOf = (id: string): string => (get(id) as HTMLInputElement).value;
const sent = (): unknown[] => asked(core, "set_options");

async function openProperties(...ids: number[]): Promise<void> {
  for (const [at, id] of ids.entries()) await fireEvent.click(rowOf(id), { ctrlKey: at > 0 });
  await type("Enter", { altKey: true });
  await waitFor(() => get("property-form"));
  await waitFor(() => expect(asked(core, "options")).not.toEqual([]));
}

beforeEach(async () => {
  core = await open(
    [1, { phase: "paused", limit: 2_000_000, name: "one.zip" }],
    [2, { phase: "paused", limit: 1_000_000, maxConnections: 4, priority: "high" }],
    [3, { phase: "done" }],
    [4, { phase: "running", received: 10 }],
  );
});

describe("the properties of one download", () => {
  it("open by Alt+Enter, show what is set, and save each field when it is left", async () => {
    core.more.set(1, { headers: [["Cookie", "***"], ["X-A", "1"]], user: "ada", password: "***" }); // prettier-ignore
    await openProperties(1);
    await waitFor(() => expect(valueOf("option-limit")).toBe("2 MB/s"));
    expect([valueOf("option-cookies"), valueOf("option-headers")]).toEqual(["***", "X-A: 1"]);
    await write("option-agent", "Me/1");
    const value = [
      ["User-Agent", "Me/1"],
      ["Cookie", "***"],
      ["X-A", "1"],
    ];
    await waitFor(() => expect(sent()).toEqual([{ ids: [1], changes: [{ field: "headers", value }] }]));
    await waitFor(() => expect(textOf("properties-saved")).toContain("Saved"));
    await write("option-limit", "");
    await waitFor(() =>
      expect(sent().at(-1)).toEqual({ ids: [1], changes: [{ field: "limit", value: null }] }),
    );
    await waitFor(() => expect(core.rows.get(1)?.limit).toBeNull());
    await waitFor(() => get("properties-undo"));
    await press("properties-undo");
    await waitFor(() => expect(valueOf("option-limit")).toBe("2 MB/s"));
    expect(core.rows.get(1)?.limit).toBe(2_000_000);
  });

  it("send nothing that is wrong or as it was", async () => {
    await openProperties(1);
    await waitFor(() => expect(valueOf("option-limit")).toBe("2 MB/s"));
    await write("option-limit", "fast");
    expect(get("option-limit").getAttribute("aria-invalid")).toBe("true");
    await write("option-limit", "2 MB/s");
    await write("option-proxy", "ftp://p");
    expect(sent()).toEqual([]);
  });

  it("say what has to wait for a pause while it runs", async () => {
    core.change(4, { phase: "finishing" });
    core.tick();
    await openProperties(4);
    await waitFor(() => expect(get("option-user")).toHaveProperty("disabled", true));
    expect(get("property-form").textContent).toContain("while the download is paused");
    expect(get("option-limit")).toHaveProperty("disabled", false);
  });

  it("of a finished one are its name, folder and tags", async () => {
    await openProperties(3);
    expect(get("property-form").textContent).toContain("The download is complete");
    expect(find("option-limit")).toBeNull();
    expect(find("option-link")).toBeNull();
    await write("option-name", "second.zip");
    await waitFor(() => expect(asked(core, "rename_file")).toEqual([{ id: 3, name: "second.zip" }]));
    await waitFor(() => get("properties-undo"));
    await press("properties-undo");
    await waitFor(() => expect(asked(core, "rename_file")).toHaveLength(2));
    core.answers.set("pick_folder", () => ({ id: "picked", label: "~/Picked" }));
    await press("option-folder");
    await waitFor(() => expect(asked(core, "move_file")).toEqual([{ id: 3, folder: "picked" }]));
  });

  it("show why a name is refused, and how far a move is", async () => {
    await openProperties(4);
    await waitFor(() => expect(valueOf("option-name")).toBe(core.rows.get(4)?.name));
    const refused = { code: "bad-name", problem: null, message: "no" };
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    core.answers.set("rename_file", () => Promise.reject(refused));
    await write("option-name", "a/b");
    await waitFor(() => expect(get("option-name").getAttribute("aria-invalid")).toBe("true"));
    expect(find("properties-undo")).toBeNull();
    core.change(4, { relocation: { copied: 25, total: 100 } });
    core.tick();
    await waitFor(() => expect(get("option-folder")).toHaveProperty("disabled", true));
    expect(get("property-form").textContent).toContain("Moving, 25");
  });

  it("keep a name that is being typed while the row changes", async () => {
    await openProperties(4);
    await fireEvent.input(get("option-name"), { target: { value: "mine.zip" } });
    core.change(4, { received: 99, attempts: 3 });
    core.tick();
    await waitFor(() => expect(core.session?.acked).toBe(true));
    expect(valueOf("option-name")).toBe("mine.zip");
  });

  it("have a place in the queue, by number and by its ends, while it waits there", async () => {
    for (const [id, place] of [[1, 0], [2, 1], [4, 2]] as const) core.change(id, { phase: "queued", place }); // prettier-ignore
    core.tick();
    await openProperties(4);
    await waitFor(() => expect(valueOf("option-place")).toBe("3"));
    await write("option-place", "4");
    expect(get("option-place").getAttribute("aria-invalid")).toBe("true");
    expect(asked(core, "move_to")).toEqual([]);
    await write("option-place", "2");
    await waitFor(() => expect(asked(core, "move_to")).toEqual([{ id: 4, place: { at: "before", id: 2 } }]));
    core.tick();
    await press("option-first");
    await waitFor(() => expect(asked(core, "move_to").at(-1)).toEqual({ id: 4, place: { at: "first" } }));
    for (const id of [1, 2, 4]) core.change(id, { phase: "paused", place: null });
    await waitFor(() => {
      core.tick();
      expect(get("option-place")).toHaveProperty("disabled", true);
    });
  });
});

describe("the properties of several downloads", () => {
  it("add a tag to all, keep those of single ones, and take it back", async () => {
    core.change(1, { tags: ["iso"] });
    core.change(3, { tags: ["work"] });
    core.tick();
    await openProperties(1, 2);
    expect(get("option-name")).toHaveProperty("disabled", true);
    await waitFor(() => get("tag-known"));
    const offered = [...document.querySelectorAll("[data-testid=tag-known]")];
    expect(offered.map((one) => one.textContent)).toEqual(["iso", "work"]);
    await fireEvent.click(offered[1] as Element);
    const tagsOf = (): unknown[] => [1, 2].map((id) => core.rows.get(id)?.tags);
    await waitFor(() => expect(tagsOf()).toEqual([["iso", "work"], ["work"]]));
    core.tick();
    await waitFor(() => get("properties-undo"));
    await press("properties-undo");
    await waitFor(() => expect(tagsOf()).toEqual([["iso"], []]));
  });

  it("tell different values apart and write only what was touched", async () => {
    await openProperties(1, 2);
    await waitFor(() => expect(get("option-limit").getAttribute("placeholder")).toBe("Multiple values"));
    expect(valueOf("option-limit")).toBe("");
    expect(get("option-priority").textContent).toContain("Multiple values");
    expect(find("option-checksum")).toBeNull();
    await fireEvent.change(get("option-limit"));
    expect(sent()).toEqual([]);
    await fireEvent.click(get("option-priority-normal"));
    await waitFor(() => expect(sent()).toHaveLength(1));
    const [first] = sent() as { ids: number[]; changes: unknown[] }[];
    expect(first?.ids.toSorted()).toEqual([1, 2]);
    expect(first?.changes).toEqual([{ field: "priority", value: "normal" }]);
    await waitFor(() => get("properties-undo"));
    await press("properties-undo");
    await waitFor(() => expect([1, 2].map((id) => core.rows.get(id)?.priority)).toEqual(["normal", "high"]));
  });
});
