// Reads the phone projects for the tests. Knows where they are and their formats, but not their required content.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { JSDOM } from "jsdom";
import { parse } from "yaml";
import { tauri } from "./paths.mjs";

export const read = (...path) => readFileSync(join(...path), "utf8");
export const plugin = join(tauri, "plugins", "transfer");
export const android = join(tauri, "gen", "android");
export const apple = join(tauri, "gen", "apple");

/** The source from which the Xcode project is generated. */
export const xcode = parse(read(apple, "project.yml"));

export function xml(...path) {
  const { document } = new JSDOM(read(...path), { contentType: "text/xml" }).window;
  assert.equal(document.querySelector("parsererror"), null);
  return document;
}

export const named = (element) => element.getAttribute("android:name");

/** The comment directly before an element: its reason. */
export function reason(element) {
  let before = element.previousSibling;
  while (before?.nodeType === before?.TEXT_NODE) before = before.previousSibling;
  return before?.nodeType === before?.COMMENT_NODE ? before.data.trim() : "";
}

/** A property list as a plain value; `reasons` receives the comment of each key of the outermost dictionary. */
export function plist(document, reasons = new Map()) {
  const value = (element) => {
    const children = [...element.children];
    switch (element.tagName) {
      case "dict": {
        const keys = children.filter((_, at) => at % 2 === 0);
        return Object.fromEntries(keys.map((key) => [key.textContent, value(key.nextElementSibling)]));
      }
      case "array":
        return children.map(value);
      case "true":
      case "false":
        return element.tagName === "true";
      case "integer":
        return Number(element.textContent);
      default:
        return element.textContent;
    }
  };
  const outermost = document.documentElement.firstElementChild;
  for (const child of outermost.children)
    if (child.tagName === "key") reasons.set(child.textContent, reason(child));
  return value(outermost);
}
