// The fake core on a phone, or on a desktop, for the built pages: one script that runs before theirs (`e2e/phone`). Nothing in it
// changes by itself except its tick: the tests change the rows. Never part of the build.
import type { Row, Settings } from "../lib/api.ts";
import { FakeCore } from "../test/core.ts";
import { makeRow } from "../test/values.ts";
import { answerMore } from "./answers.ts";
import { many, scene } from "./scene.ts";

/** Initial state that a test asks for. */
type Given = {
  rows?: "none" | "many" | Partial<Row>[];
  /** Android without it. Linux has everything that a desktop has. */
  os?: "android" | "ios" | "linux";
  language?: Settings["language"];
  consent?: "notAsked" | "given";
  ended?: boolean;
  /** The first start. */
  fresh?: boolean;
};

const given = (window as unknown as { given?: Given }).given ?? {};

function rowsOf(rows: Given["rows"]): Row[] {
  if (rows === "none") return [];
  if (rows === "many") return many().slice(0, 400);
  return rows?.map((row, at) => makeRow(at + 1, row)) ?? scene(Date.now());
}

const core = new FakeCore(rowsOf(given.rows));
const lacks = { tray: false, autostart: false, trash: false, chooseFile: false, openWith: false };
if (given.os !== "linux") {
  core.platform = {
    ...core.platform,
    ...lacks,
    os: given.os ?? "android",
    mobile: true,
    metered: true,
    battery: true,
  };
}
core.phone = { consent: given.consent ?? "given", ended: given.ended ?? false };
core.settings = { ...core.settings, language: given.language ?? null, welcomed: given.fresh !== true };
core.recent = [
  { id: "cinema", label: "SD card/Films" },
  { id: "work", label: "Documents/Work" },
];
core.answers.set("pick_folder", () => ({ id: "picked", label: "SD card/Lectures of this year" }));
answerMore(core);

Object.assign(window, { core, makeRow });
setInterval(() => core.tick(), 100);
