// Metadata of all packages. Knows no format.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, tauri } from "../lib/paths.mjs";
import { output } from "../lib/run.mjs";

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const { identifier } = JSON.parse(readFileSync(join(tauri, "tauri.conf.json"), "utf8"));

const domain = identifier.split(".").slice(0, 2).reverse().join(".");

export const facts = {
  name: "millrace",
  version,
  identifier,
  summary: "download manager that keeps what it has",
  description: [
    "Millrace downloads files over http and https. A file gets its name only when every byte of it is there and checked; " +
      "what is safely on disk is not fetched again unless the server leaves no other way; a failure is said in words.",
    "This package holds the window (millrace-app) and the same engine on the command line (millrace).",
  ],
  // Debian's own variables for it. An address is mandatory; the default one is not read by anybody.
  maintainer: `${process.env.DEBFULLNAME ?? "The Millrace contributors"} <${process.env.DEBEMAIL ?? `noreply@${domain}`}>`,
};

/** Commit time of what is packaged, so that the same commit gives the same package: seconds since 1970. */
export const written = () =>
  Number(process.env.SOURCE_DATE_EPOCH ?? output("git", ["log", "-1", "--format=%ct"]) ?? Date.now() / 1000);

/** Wraps text to lines of at most `width` characters. */
export function folded(text, width = 78) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== "" && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}
