// Small pictures: for finished images on the screen, one request at a time, each file once.
import { expect, test, vi } from "vitest";
import { FakeCore } from "../test/core.ts";
import { makeRow } from "../test/values.ts";
import { Thumbnails } from "./thumbnails.svelte.ts";

const image = (id: number, finishedAt = 5) => makeRow(id, { phase: "done", category: "image", finishedAt });

test("each image on the screen is asked for once, one after the other", async () => {
  const core = new FakeCore();
  let open = 0;
  let most = 0;
  core.answers.set("thumbnail", async (args) => {
    open += 1;
    most = Math.max(most, open);
    await Promise.resolve();
    open -= 1;
    return Number(args["id"]) === 2 ? null : `data:${String(args["id"])}`;
  });
  const thumbnails = new Thumbnails();
  const archive = makeRow(4, { phase: "done", category: "archive" });
  const running = makeRow(5, { phase: "running", category: "image" });
  const rows = [image(1), image(2), image(3), archive, running];
  thumbnails.setVisible(rows);
  thumbnails.setVisible(rows);
  await vi.waitFor(() => expect(thumbnails.of(image(3))).toBe("data:3"));
  expect(rows.map((row) => thumbnails.of(row))).toEqual([
    "data:1",
    undefined,
    "data:3",
    undefined,
    undefined,
  ]);
  expect(most).toBe(1);
  expect(core.calls.map(({ args }) => args["id"])).toEqual([1, 2, 3]);
  // The same download again is another file.
  thumbnails.setVisible([image(1, 9), image(2)]);
  await vi.waitFor(() => expect(thumbnails.of(image(1, 9))).toBe("data:1"));
  expect(core.calls.map(({ args }) => args["id"])).toEqual([1, 2, 3, 1]);
});
