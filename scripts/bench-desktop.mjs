// `npm run bench:desktop`: memory of the application with its window open, hidden, closed to the tray and reopened, and
// the time until its window is usable; writes its chapters of docs/benchmarks.md. `-- --quick` only shows that
// everything works, and writes nothing.
import { writeChapters } from "./bench/document.mjs";
import { memoryChapter, measureMemory } from "./bench/memory.mjs";
import { measureStart, startChapter } from "./bench/startup.mjs";
import { buildMeasured, buildPages } from "./lib/build.mjs";
import { run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const usage = `usage: npm run bench:desktop -- [--only memory,start] [--quick] [--debug]
  --only       these chapters only; the other is left as it is
  --quick      shows that everything works; the document is not written
  --debug      of unoptimised builds`;

const parts = ["memory", "start"];

function options(args) {
  const given = { only: parts, quick: false, release: true };
  while (args.length > 0) {
    const option = args.shift();
    if (option === "--only" && args[0]) given.only = args.shift().split(",");
    else if (option === "--quick") given.quick = true;
    else if (option === "--debug") given.release = false;
    else throw new Error(usage);
  }
  if (!given.only.every((part) => parts.includes(part))) throw new Error(usage);
  return given;
}

try {
  const { only, quick, release } = options(process.argv.slice(2));
  await setup({ tests: true });
  const failed = (await buildPages()) ?? (await run(...buildMeasured({ release }), { minutes: 60 }));
  if (failed) throw new Error(`the build ${failed}`);
  const build = release ? "release" : "debug";
  const chapters = {};
  if (only.includes("memory")) {
    const links = quick ? 5 : 100;
    chapters.Memory = memoryChapter(await measureMemory({ release, links }), { links, build });
    console.log(chapters.Memory);
  }
  if (only.includes("start")) {
    const [many, rounds] = quick ? [100, 1] : [10_000, 7];
    chapters.Start = startChapter(await measureStart({ release, many, rounds }), build);
    console.log(chapters.Start);
  }
  if (!quick) await writeChapters(chapters);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
