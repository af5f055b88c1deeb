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

  it("are not offered of a finished one", async () => {
    await fireEvent.click(rowOf(3));
    await type("Enter", { altKey: true });
    expect(find("property-form")).toBeNull();
  });
});

describe("the properties of several downloads", () => {
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
