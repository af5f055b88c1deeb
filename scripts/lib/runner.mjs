// Runs steps and reports the result of each. Does not know what they do.
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastPrinted, print, run } from "./run.mjs";

/**
 * Runs steps one after the other, each under its heading; true when all passed. Temporary files of their programs are
 * deleted. With `beside`, steps that can run in parallel with the others do.
 */
export async function runAll(list, { beside = false } = {}) {
  const temporary = mkdtempSync(join(tmpdir(), "millrace-"));
  // World-writable like the system's own: servers in tests run as other users.
  chmodSync(temporary, 0o1777);
  process.env.TMPDIR = temporary;
  // Also when interrupted.
  process.once("exit", () => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 }));
  return eachOf(beside && list.some((step) => step.beside) ? besides(list, temporary) : list);
}

async function eachOf(list) {
  const failures = [];
  for (const step of list) {
    console.log(`\n== ${step.name}`);
    const began = Date.now();
    const before = processorTime();
    lastPrinted();
    const problem = await step.go();
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    if (problem) failures.push({ name: step.name, problem, last: lastPrinted() });
    const busy = before === null ? "" : `, ${(processorTime() - before).toFixed(0)} s of processor time`;
    console.log(`== ${step.name}: ${problem ?? "passed"} (${seconds} s${busy})`);
  }
  for (const { name, problem, last } of failures)
    if (last !== "") console.log(`\n== ${name}: ${problem}. Its end was:\n${last}`);
  console.log(`\n${list.length - failures.length} passed, ${failures.length} failed`);
  return failures.length === 0;
}

/**
 * Replaces all steps that can run in parallel by one: they start now, at low priority, in a process of their own, and
 * that step waits for their end and shows their output.
 */
function besides(list, temporary) {
  const beside = list.filter((step) => step.beside);
  const path = join(temporary, "beside.log");
  const log = openSync(path, "w");
  const names = beside.map((step) => step.target);
  const ended = run("node", [join("scripts", "targets.mjs"), ...names], { minutes: 90, log, modest: true });
  const go = async () => {
    const problem = await ended;
    closeSync(log);
    print(readFileSync(path));
    return problem;
  };
  const first = list.indexOf(beside[0]);
  const wait = { name: `what ran beside: ${names.join(", ")}`, go };
  return list.flatMap((step, place) => (place === first ? [wait] : step.beside ? [] : [step]));
}

/**
 * Processor time in seconds of all programs that have ended so far, or null where the system does not report it:
 * proc(5), `stat`.
 */
function processorTime() {
  if (process.platform !== "linux") return null;
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ").pop().split(" ");
  // cutime and cstime, in ticks of a hundredth of a second.
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
