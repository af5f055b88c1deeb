// Updates docs/benchmarks.md, which several scripts and people write: each script owns the chapters that it names and
// leaves the others unchanged. Knows no numbers.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/paths.mjs";
import { run } from "../lib/run.mjs";

const path = join(root, "docs", "benchmarks.md");

/** The chapter written by hand, below the numbers; new chapters are inserted before it. */
const byHand = "Notes";

/**
 * Writes chapters into the document: `chapters` maps a heading (`## heading`) to its text, `head` is the text before
 * the first chapter. Other chapters are kept.
 */
export async function writeChapters(chapters, head = null) {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "# Benchmarks\n";
  writeFileSync(path, withChapters(text, chapters, head));
  await run("npx", ["prettier", "--write", join("docs", "benchmarks.md")]);
}

/** The same on a string. */
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
