// Saved searches: what is kept, shown again and removed.
import { expect, it } from "vitest";
import { makeRow } from "../test/values.ts";
import { ListQuery } from "./list-query.svelte.ts";
import { SavedViews } from "./saved-views.svelte.ts";

const rows = [
  makeRow(2, { name: "b.mkv", category: "video", phase: "failed" }),
  makeRow(1, { name: "a.mkv" }),
];

it("keeps search, status, type and order under a name, also the next time", () => {
  const query = new ListQuery(() => rows);
  query.search = " ext:mkv ";
  query.showOnly("failed", "video");
  query.sortBy("size");
  new SavedViews().save("Broken films", query);
  query.showAll();
  query.sortBy("name");

  const views = new SavedViews();
  const [view] = views.all;
  if (view === undefined) throw new Error("not kept");
  expect(views.shown(view, query)).toBe(false);
  views.show(view, query);
  expect([query.search, query.filter, query.category, query.sort]).toEqual([
    "ext:mkv",
    "failed",
    "video",
    "size",
  ]);
  expect(query.order).toEqual([2]);
  expect(views.shown(view, query)).toBe(true);
  views.save("Broken films", query);
  expect(views.all).toHaveLength(1);
  views.remove(views.all[0] ?? view);
  expect(new SavedViews().all).toEqual([]);
});

it("leaves out what cannot be read", () => {
  localStorage.setItem(
    "millrace.views",
    '[7, {"name":"x"}, {"name":"y","search":"z","filter":"failed","category":"?"}]',
  );
  expect(new SavedViews().all).toEqual([
    { name: "y", search: "z", filter: "failed", category: null, sort: [] },
  ]);
});
