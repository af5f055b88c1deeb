// The text of the live region.
import { expect, it } from "vitest";
import { Announcer } from "./announcer.svelte.ts";

it("has the latest announcement, and none at first", () => {
  const announcer = new Announcer();
  expect(announcer.text).toBe("");
  announcer.say("one.zip finished downloading");
  announcer.say("two.zip finished downloading");
  expect(announcer.text).toBe("two.zip finished downloading");
});
