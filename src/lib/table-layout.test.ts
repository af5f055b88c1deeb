// The table as the user has arranged it.
import { expect, it } from "vitest";
import { TableLayout } from "./table-layout.svelte.ts";

const ids = (table: TableLayout): string[] => table.columns.map((column) => column.id);
const first = ["name", "size", "progress", "speed", "eta", "added"];

it("begins with six columns, of which three make way one after the other in a narrow list", () => {
  const table = new TableLayout();
  expect(ids(table)).toEqual(first);
  const given = [2_000, 960, 820, 720, 300].map((room) => {
    table.room = room;
    return ids(table).slice(1).join(" ");
  });
  expect(given).toEqual([
    "size progress speed eta added",
    "size progress speed eta",
    "progress speed eta",
    "progress speed",
    "progress speed",
  ]);
  expect(table.least).toBeGreaterThan(300);
});

it("remembers columns, order, widths, density and groups", () => {
  const table = new TableLayout();
  table.toggle("host");
  table.toggle("added");
  table.move("host", "name", "after");
  table.resize("host", 222.4);
  table.density = "compact";
  table.grouped = true;
  const again = new TableLayout();
  expect(ids(again)).toEqual(["name", "host", "size", "progress", "speed", "eta"]);
  expect(again.columns[1]).toMatchObject({ id: "host", width: 222 });
  expect([again.density, again.grouped]).toEqual(["compact", true]);
  again.reset();
  expect(ids(new TableLayout())).toEqual(first);
});

it("keeps the name, and every width within its bounds", () => {
  const table = new TableLayout();
  table.toggle("name");
  expect(ids(table)).toContain("name");
  table.resize("size", 1);
  expect(table.columns[1]?.width).toBe(64);
  table.resize("size", 9_999);
  expect(table.columns[1]?.width).toBe(640);
});

it("steps over what is shown only, and not past the ends", () => {
  const table = new TableLayout();
  expect(table.step("name", -1)).toBe(false);
  expect(table.step("added", -1)).toBe(true);
  expect(ids(table)).toEqual(["name", "size", "progress", "speed", "added", "eta"]);
  table.toggle("size");
  table.step("progress", -1);
  expect(ids(table)).toEqual(["progress", "name", "speed", "added", "eta"]);
});

it.each([
  "nonsense",
  '{"order":7,"shown":["size","size","bogus"],"widths":{"size":"wide","bogus":9}}',
  "null",
])("reads what it can of %s", (stored) => {
  localStorage.setItem("millrace.table", stored);
  const table = new TableLayout();
  expect(ids(table)[0]).toBe("name");
  expect(new Set(ids(table)).size).toBe(ids(table).length);
});
