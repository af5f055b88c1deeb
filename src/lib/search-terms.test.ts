// What the words of a search find.
import { expect, it } from "vitest";
import { makeRow } from "../test/values.ts";
import { searchTest } from "./search-terms.ts";

const day = 86_400_000;
const now = 1_800_000_000_000;
const names = {
  status: (group: string) => (group === "failed" ? "Fehlgeschlagen" : group),
  type: (category: string) => (category === "image" ? "Bilder" : category),
};
const rows = [
  makeRow(4, { name: "Holiday.MKV", category: "video", total: 3_000_000_000, phase: "failed", host: "media.example.org", addedAt: now - day }), // prettier-ignore
  makeRow(3, { name: "holiday photos.zip", category: "archive", total: 40_000_000, phase: "done", host: "cloud.example.com", addedAt: now - 10 * day, verdict: { by: "checksum", algorithm: "sha-256", digest: "0a1b" } }), // prettier-ignore
  makeRow(2, { name: "cat.png", category: "image", total: 20_000, phase: "done", host: "cloud.example.com", addedAt: now - 40 * day, verdict: { by: "length" }, tags: ["Pets", "to keep"] }), // prettier-ignore
  makeRow(1, { name: "failed experiment.txt", total: null, phase: "running", host: "lab.example.edu", addedAt: now - 2 * day }), // prettier-ignore
];
const found = (text: string): number[] => {
  const test = searchTest(text, now, names);
  return rows.filter((row) => test === undefined || test(row)).map((row) => row.id);
};

it.each<[string, number[]]>([
  ["", [4, 3, 2, 1]],
  ["holiday", [4, 3]],
  ["HOLIDAY photos", [3]],
  ['"holiday photos"', [3]],
  ['"photos holiday"', []],
  ["host:cloud", [3, 2]],
  ["ext:mkv", [4]],
  ["ext:.PNG,zip", [3, 2]],
  ["type:vid", [4]],
  ["type:bilder", [2]],
  ["is:failed", [4]],
  ["tag:pet", [2]],
  ['tag:"to keep"', [2]],
  ["tag:keep", []],
  ["is:fehl", [4]],
  ["is:verified", [3]],
  ["is:nonsense", []],
  // The status, and what is called so.
  ["failed", [4, 1]],
  ["fehlgeschlagen", [4]],
  [">1gb", [4]],
  ["<50MB", [3, 2]],
  [">1GiB <4gb", [4]],
  ["<7d", [4, 1]],
  [">4w", [2]],
  ["<7d is:failed", [4]],
  // Still being typed, or no filter at all.
  ["host:", [4, 3, 2, 1]],
  [">", []],
  ["https://files.example.org/3", [3]],
])("%s finds %j", (text, ids) => {
  expect(found(text)).toEqual(ids);
});
