// Whether enough mistakes were found: reads what cargo-mutants has written. Runs nothing.
import { posix } from "node:path";

/** The module of the engine that is looked at: values only, and tests that take no time. */
export const MODULE = "domain";

/** Of those that compile, how many may survive without being known. */
const MOST = 0.03;

/**
 * What to show of the outcomes of a run, and what is wrong with them, or null. `known` has a reason for each survivor that may be one, by
 * `file: mistake`.
 */
export function judge({ outcomes }, known) {
  const mutants = outcomes
    .filter(({ scenario }) => typeof scenario === "object")
    .map(({ scenario, summary }) => ({ name: nameOf(scenario.Mutant), summary }));
  const names = (wanted) => mutants.filter(({ summary }) => wanted.includes(summary)).map(({ name }) => name);
  const viable = names(["CaughtMutant", "MissedMutant", "Timeout"]);
  const survivors = new Set(names(["MissedMutant"]));
  const strange = [...survivors].filter((name) => !(name in known));
  const found = Object.keys(known).filter((name) => viable.includes(name) && !survivors.has(name));
  const share = viable.length === 0 ? 0 : strange.length / viable.length;
  const text = [
    ...strange.map((name) => `survived: ${name}`),
    ...found.map((name) => `found by now, and still in the table: ${name}`),
    `${viable.length} mistakes, ${survivors.size} survived, ${strange.length} of them unknown (${(share * 100).toFixed(1)} %)`,
  ].join("\n");
  if (viable.length === 0) return { text, failed: "no mistake was tried" };
  if (share > MOST) return { text, failed: `more than ${MOST * 100} % survived and are not in the table` };
  return { text, failed: found.length > 0 ? "the table names what does not survive" : null };
}

/** Without the place in the file, which changes with every line above it. */
function nameOf({ name, file }) {
  return `${posix.basename(file)}: ${name.replace(/^\S+:\d+:\d+: /, "")}`;
}
