// Scale benchmark: ten thousand downloads on the list, a thousand in parallel. Measured by the engine's own tests in a
// release build, which print their values and limits.
import { spawnSync } from "node:child_process";
import { root } from "../lib/paths.mjs";
import { cargo } from "../lib/run.mjs";

/** Rows of [what, measured, limit]; throws with the tests' output. */
export function scale() {
  const [command, args] = cargo(
    ...[
      "test",
      "--release",
      "-p",
      "millrace-engine",
      "--test",
      "scale",
      "--test",
      "concurrency",
      "--",
      "--nocapture",
    ],
  );
  const ran = spawnSync(command, args, { cwd: root, encoding: "utf8", timeout: 30 * 60_000 });
  if (ran.status !== 0) throw new Error(`the scale tests failed:\n${ran.stdout}\n${ran.stderr}`.slice(-3000));
  return [...ran.stdout.matchAll(/scale: (.+?): (\S+)(?: \(limit (\S+)\))?$/gm)].map(([, ...row]) => row);
}

export function scaleTable(rows) {
  return [
    "| what | measured | limit |",
    "| --- | --: | --: |",
    ...rows.map(([what, is, limit]) => `| ${what} | ${is} | ${limit ?? "-"} |`),
    "",
  ].join("\n");
}
