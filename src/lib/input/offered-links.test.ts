import { describe, expect, it } from "vitest";
import { offeredRequests } from "./offered-links.ts";

describe("what an app brings along", () => {
  it("is told apart into the fields of the dialog, in any spelling of its name", () => {
    const headers: [string, string][] = [
      ["referer", "https://a.example/"],
      ["COOKIE", "a=1"],
      ["User-Agent", "B/1"],
      ["Authorization", "Basic eA=="],
    ];
    const brought = offeredRequests([{ url: "https://a.example/x", name: "x.zip", headers }]);
    expect(brought.get("https://a.example/x")).toMatchObject({
      links: ["https://a.example/x"],
      name: "x.zip",
      referrer: "https://a.example/",
      cookies: "a=1",
      userAgent: "B/1",
      headers: [["Authorization", "Basic eA=="]],
      fault: null,
    });
  });

  it("is nothing for a link alone", () => {
    expect(offeredRequests([{ url: "https://a.example/x", name: null, headers: [] }]).size).toBe(0);
  });
});
