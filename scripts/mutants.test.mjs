// Tests of the verdict on a run of cargo-mutants.
import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "./lib/mutants.mjs";

const outcome = (line, summary) => ({
  summary,
  scenario: {
    Mutant: {
      file: "crates/engine/src/domain/a.rs",
      name: `crates/engine/src/domain/a.rs:${line}:5: replace ${line}`,
    },
  },
});

/** Outcomes with this many caught and missed mutants. */
function told(caught, missed) {
  const all = [...Array(caught + missed).keys()];
  const mutants = all.map((line) => outcome(line, line < missed ? "MissedMutant" : "CaughtMutant"));
  return { outcomes: [{ scenario: "Baseline", summary: "Success" }, ...mutants, outcome(999, "Unviable")] };
}

test("three in a hundred may survive unknown, and are shown", () => {
  const { text, failed } = judge(told(97, 3), {});
  assert.equal(failed, null);
  assert.match(text, /^survived: a\.rs: replace 0$/m);
  assert.match(text, /100 mistakes, 3 survived, 3 of them unknown \(3\.0 %\)$/);
  assert.match(judge(told(96, 4), {}).failed, /more than 3 %/);
});

test("one that is known to survive does not count, wherever its line is by now, and one that does not any more has to go", () => {
  const known = { "a.rs: replace 0": "a reason" };
  assert.equal(judge(told(96, 4), known).failed, null);
  assert.match(judge(told(100, 0), known).failed, /the table names what does not survive/);
  // Not part of this run.
  assert.equal(judge(told(100, 0), { "b.rs: replace 0": "a reason" }).failed, null);
});

test("a run in which nothing was tried is none", () => {
  assert.equal(
    judge({ outcomes: [{ scenario: "Baseline", summary: "Failure" }] }, {}).failed,
    "no mistake was tried",
  );
});
