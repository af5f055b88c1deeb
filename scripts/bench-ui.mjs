// `npm run bench:ui`: the real window with a long list that changes all the time, compared with a plain Tauri window
// that gets one message per change; and a large download through the window compared with the command line. Writes its
// chapter of docs/benchmarks.md. See `usage` for the options.
import { join } from "node:path";
import { writeChapters } from "./bench/document.mjs";
import { machine } from "./bench/report.mjs";
import { compareThrough } from "./bench/throughput.mjs";
import { measureWindow } from "./bench/window.mjs";
import { windowChapter } from "./bench/window-report.mjs";
import { buildPages } from "./lib/build.mjs";
import { target } from "./lib/paths.mjs";
import { cargo, run } from "./lib/run.mjs";

const usage = `usage: npm run bench:ui -- [--seconds N] [--runs N] [--only window,plain,through] [--built]
  --seconds N  of each part of a measurement (10)
  --runs N     counted downloads with each program, after one that warms up (3)
  --only       these parts only; the document is not written
  --built      measure what is built already
  --debug      of unoptimised builds: shows that everything works; the document is not written`;

const MIB = 1 << 20;

/**
 * Rows in the list; how many of them run and change ten times per second; and how many others change once per second.
 */
const loads = {
  quiet: { rows: 10_000, running: 0, others: 0 },
  busy: { rows: 10_000, running: 100, others: 900 },
  small: { rows: 1_000, running: 100, others: 900 },
  huge: { rows: 100_000, running: 100, others: 900 },
};

function options(args) {
  const given = { seconds: 10, runs: 3, only: null, built: false, debug: false };
  while (args.length > 0) {
    const option = args.shift();
    if (option === "--seconds" && Number(args[0]) >= 1) given.seconds = Number(args.shift());
    else if (option === "--runs" && Number(args[0]) >= 1) given.runs = Math.floor(Number(args.shift()));
    else if (option === "--only" && args[0]) given.only = args.shift().split(",");
    else if (option === "--built") given.built = true;
    else if (option === "--debug") given.debug = true;
    else throw new Error(usage);
  }
  return given;
}

/** Builds the application as shipped except for the simulated engine, the plain window, and the command line. */
async function build(debug) {
  const release = (...what) => cargo("build", ...(debug ? [] : ["--release"]), ...what);
  const features = ["--features", "bench,tauri/custom-protocol"];
  const failed =
    (await buildPages()) ??
    (await run(
      ...release("-p", "millrace-app", "--bin", "millrace-app", "--example", "plain", ...features),
    )) ??
    (await run(...release("-p", "millrace-cli")));
  if (failed) throw new Error(`not built: ${failed}`);
}

async function main() {
  const { seconds, runs, only, built, debug } = options(process.argv.slice(2));
  const chosen = (part) => only === null || only.includes(part);
  if (!built) await build(debug);
  const release = join(target, debug ? "debug" : "release");
  const app = join(release, "millrace-app");
  const plain = join(release, "examples", "plain");
  const found = {};
  const part = async (name, work) => {
    found[name] = await work();
    console.log(name, JSON.stringify(found[name]));
  };
  if (chosen("window")) {
    await part("quiet", () => measureWindow(app, loads.quiet, { seconds }));
    await part("busy", () => measureWindow(app, loads.busy, { seconds }));
    await part("small", () => measureWindow(app, loads.small, { seconds }));
    await part("huge", () => measureWindow(app, loads.huge, { seconds }));
    await part("hidden", () => measureWindow(app, loads.busy, { seconds, hidden: true }));
  }
  if (chosen("plain")) {
    await part("plainQuiet", () => measureWindow(plain, loads.quiet, { seconds }));
    await part("plainBusy", () => measureWindow(plain, loads.busy, { seconds }));
  }
  if (chosen("through")) {
    const cli = join(release, "millrace");
    await part("through", () => compareThrough({ app, cli }, { bytes: 1024 * MIB, runs, pace: 200_000_000 }));
    await part("unpaced", () => compareThrough({ app, cli }, { bytes: 2048 * MIB, runs }));
  }
  if (only !== null || debug) return;
  const command = `npm run bench:ui -- --seconds ${seconds} --runs ${runs}`;
  await writeChapters({ "The window": windowChapter(found, { loads, machine: machine(), command, runs }) });
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
