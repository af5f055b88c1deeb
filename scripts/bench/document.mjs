// docs/benchmarks.md: several scripts and a person write in it. Each script owns the chapters that it names and leaves the
// others as they are. Knows no numbers.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/paths.mjs";
import { run } from "../lib/run.mjs";

const path = join(root, "docs", "benchmarks.md");

/** What somebody wrote by hand below the numbers; new chapters come before it. */
const byHand = "Notes";

/**
 * Puts chapters into the document: `chapters` maps a heading (`## heading`) to its text, `head` is what stands before the
 * first chapter. What is not named stays.
 */
export async function writeChapters(chapters, head = null) {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "# Benchmarks\n";
  writeFileSync(path, withChapters(text, chapters, head));
  await run("npx", ["prettier", "--write", join("docs", "benchmarks.md")]);
}

/** The same as a value. */
function withChapters(text, chapters, head = null) {
  const [first, ...rest] = text.split(/^## /m);
  const known = new Map(
    rest.map((chapter) => {
      const end = chapter.indexOf("\n");
      return [chapter.slice(0, end), chapter.slice(end + 1).trim()];
    }),
  );
  const notes = known.get(byHand);
  known.delete(byHand);
  for (const [heading, body] of Object.entries(chapters)) known.set(heading, body.trim());
  if (notes !== undefined) known.set(byHand, notes);
  const parts = [...known].map(([heading, body]) => `## ${heading}\n\n${body}\n`);
  return [`${(head ?? first).trim()}\n`, ...parts].join("\n");
}
