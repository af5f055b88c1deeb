// The texts of the live regions.
import { expect, it } from "vitest";
import { Announcer } from "./announcer.svelte.ts";

it("has the latest announcement, and none at first", () => {
  const announcer = new Announcer();
  expect(announcer.text).toBe("");
  announcer.say("one.zip finished downloading");
  announcer.say("two.zip finished downloading");
  expect(announcer.text).toBe("two.zip finished downloading");
});

it("says the same words twice in another region, and never in both", () => {
  const announcer = new Announcer();
  announcer.say("link copied");
  expect(announcer.regions).toEqual(["link copied", ""]);
  announcer.say("link copied");
  expect(announcer.regions).toEqual(["", "link copied"]);
  announcer.say("link copied");
  expect(announcer.regions).toEqual(["link copied", ""]);
});
