// `npm run bench:desktop`: memory of the application with its window open, hidden, closed to the tray and reopened, and
// the time until its window is usable; writes its chapters of docs/benchmarks.md. `-- --quick` only shows that
// everything works, and writes nothing.
import { writeChapters } from "./bench/document.mjs";
import { memoryChapter, measureMemory } from "./bench/memory.mjs";
import { measureStart, startChapter } from "./bench/startup.mjs";
import { buildMeasured, buildPages } from "./lib/build.mjs";
import { run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const usage = "usage: npm run bench:desktop -- [--quick] [--debug]";
const given = process.argv.slice(2);

try {
  if (given.some((option) => option !== "--quick" && option !== "--debug")) throw new Error(usage);
  const [quick, release] = [given.includes("--quick"), !given.includes("--debug")];
  await setup({ tests: true });
  const failed = (await buildPages()) ?? (await run(...buildMeasured({ release }), { minutes: 60 }));
  if (failed) throw new Error(`the build ${failed}`);
  const build = release ? "release" : "debug";
  const links = quick ? 5 : 100;
  const memory = memoryChapter(await measureMemory({ release, links }), { links, build });
  console.log(memory);
  const start = startChapter(
    await measureStart({ release, many: quick ? 100 : 10_000, rounds: quick ? 1 : 7 }),
    build,
  );
  console.log(start);
  if (!quick) await writeChapters({ Memory: memory, Start: start });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
