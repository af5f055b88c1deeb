// `npm run bench`: downloads the same files with Millrace and with curl, aria2c, wget2 and axel, in turn, on this
// machine; checks every byte, and writes its chapters of docs/benchmarks.md. See `usage` for the options.
import { join } from "node:path";
import { writeChapters } from "./bench/document.mjs";
import { measure, prepare, unmeasurable, wrong } from "./bench/measure.mjs";
import { scale, scaleTable } from "./bench/scale.mjs";
import { openSite, sizes } from "./bench/servers.mjs";
import { machine, middle, summary, workloadTable } from "./bench/report.mjs";
import { installed, millrace, peers, version } from "./bench/tools.mjs";
import { ids, workloads } from "./bench/workloads.mjs";
import { commandBinary } from "./lib/paths.mjs";
import { cargo, onPath, run } from "./lib/run.mjs";

const usage = `usage: npm run bench -- [--runs N] [--only W1,W4,scale] [--quick]
  --runs N   counted runs of each tool and workload, after one that warms up (3)
  --only     these workloads only; the document is not written
  --quick    small files, one run: shows that everything works; the document is not written`;

function options(args) {
  const given = { runs: null, only: null, quick: false };
  while (args.length > 0) {
    const option = args.shift();
    if (option === "--quick") given.quick = true;
    else if (option === "--runs" && Number(args[0]) >= 1) given.runs = Math.floor(Number(args.shift()));
    else if (option === "--only" && args[0]) given.only = args.shift().split(",");
    else throw new Error(usage);
  }
  return { ...given, runs: given.runs ?? (given.quick ? 1 : 3) };
}

/** Runs every tool in turn, round after round; the first round is a warm-up and is not counted. */
async function compare(load, tools, site, runs) {
  const results = Object.fromEntries(Object.keys(tools).map((name) => [name, { runs: [] }]));
  for (let round = 0; round <= runs; round += 1) {
    for (const [name, tool] of Object.entries(tools)) {
      const call = load.many ? tool.many : tool.one;
      const result = results[name];
      if (!call || result.error) continue;
      const oneConnection = load.slow && (name === "curl" || name === "wget2");
      if (oneConnection && round > 0) continue;
      const { dir, list, config } = prepare(site.root, load.urls);
      const job = { ca: site.ca, dir, list, config, name: load.name, url: load.urls[0] };
      const args = call({ ...job, parallel: load.parallel });
      const measured = await measure(tool.program ?? name, args, { root: site.root, seconds: load.seconds });
      const error = measured.error ?? (await wrong(dir, load.wanted));
      if (error) result.error = error;
      else if (round > 0 || oneConnection) result.runs.push(measured);
    }
  }
  for (const result of Object.values(results))
    if (result.runs.length > 0 && !result.error) result.median = middle(result.runs);
  const tried = Object.entries(results).filter(([, result]) => result.error || result.runs.length > 0);
  return { id: load.id, title: load.title, tools: Object.fromEntries(tried) };
}

/** The text before the first chapter, and the chapters by heading. */
function document({ results, rows, tools, missing, runs, command }) {
  const head = [
    "# Benchmarks",
    "",
    "The same files from the same servers on one machine, one tool after the other, round after round; every byte of every run is",
    `checked. Medians of ${runs} runs after one that warms up. Servers and files are on loopback and in memory, so that neither a`,
    "network nor a disk is measured. Ratios are to the best peer in that column; below 1 is better.",
    "",
    `Made by \`${command}\`.`,
    "",
    ...machine(),
    ...Object.entries(tools).map(([name, tool]) => `- ${name}: ${version(name, tool)}`),
    ...missing.map((name) => `- ${name}: not installed, not compared`),
  ].join("\n");
  const scale = [
    "In the engine's own process, tests included (`crates/engine/tests/scale`, `crates/engine/tests/concurrency`).",
    "",
    scaleTable(rows),
  ].join("\n");
  const chapters = {
    Targets: summary(results),
    Workloads: results.map(workloadTable).join("\n"),
    Scale: scale,
  };
  return { head, chapters };
}

/** Runs the selected workloads one after the other and prints each result as soon as it is measured. */
async function compareAll({ tools, chosen, runs, size }) {
  const results = [];
  if (!ids.some(chosen)) return results;
  const site = await openSite(size);
  const stopped = () => void site.stop().then(() => process.exit(130));
  process.once("SIGINT", stopped).once("SIGTERM", stopped);
  try {
    for (const load of workloads(site, size).filter(({ id }) => chosen(id))) {
      const result = await compare(load, tools, site, runs);
      results.push(result);
      console.log(`\n${workloadTable(result)}`);
    }
  } finally {
    await site.stop();
  }
  return results;
}

async function main() {
  const { runs, only, quick } = options(process.argv.slice(2));
  const chosen = (id) => only === null || only.includes(id);
  const lacking = ["nginx", "openssl"].filter((name) => !onPath(name)).map((name) => `${name} is missing`);
  const cannot = [unmeasurable(), ...lacking].filter(Boolean);
  if (cannot.length > 0)
    throw new Error(
      `cannot measure: ${cannot.join(", ")}; on Debian: apt-get install time nginx-light openssl`,
    );
  const { here, missing } = installed();
  if (missing.length > 0) console.log(`Not installed, not compared: ${missing.join(", ")}`);
  const failed = await run(...cargo("build", "--release", "-p", "millrace-cli"));
  if (failed) throw new Error(`the command line was not built: ${failed}`);
  const tools = { millrace: millrace(commandBinary({ release: true })) };
  for (const name of here) tools[name] = peers[name];
  // First, because it is short and aborts the run when a limit is exceeded.
  const rows = chosen("scale") && !quick ? scale() : [];
  if (rows.length > 0) console.log(scaleTable(rows));
  const results = await compareAll({ tools, chosen, runs, size: quick ? sizes.quick : sizes.full });
  if (results.length > 0) console.log(summary(results));
  if (only === null && !quick) {
    const command = `npm run bench -- --runs ${runs}`;
    const { head, chapters } = document({ results, rows, tools, missing, runs, command });
    await writeChapters(chapters, head);
  }
  if (results.some(({ tools: { millrace: own } }) => own?.error))
    throw new Error("Millrace failed in a workload, see above");
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
