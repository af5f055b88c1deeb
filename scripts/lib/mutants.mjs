// Judges the outcomes of cargo-mutants. Runs nothing.
import { posix } from "node:path";

/** The mutated module of the engine: values only, with tests that take no time. */
export const MODULE = "domain";

/** Fraction of the viable mutants that may survive without being known. */
const MOST = 0.03;

/**
 * What to print about the outcomes of a run, and what is wrong with them, or null. `known` maps `file: mutant` to the
 * reason why it may survive.
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

/** Without the position in the file, which changes with every line above it. */
function nameOf({ name, file }) {
  return `${posix.basename(file)}: ${name.replace(/^\S+:\d+:\d+: /, "")}`;
}
