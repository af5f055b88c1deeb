// `npm run package`: builds a .deb, a .rpm and a .tar.xz for this machine's processor, below the build folder, and
// prints their paths. With `--debug` they contain what tests and start have built, with fast instead of strong
// compression.
import { mkdirSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { buildAll, buildApp, buildCommand, buildPages } from "./lib/build.mjs";
import { packaging } from "./lib/packages.mjs";
import { root, target } from "./lib/paths.mjs";
import { onPath, run } from "./lib/run.mjs";
import { makeArchive } from "./packaging/archive.mjs";
import { makeDeb } from "./packaging/deb.mjs";
import { notices } from "./packaging/notices.mjs";
import { makeRpm } from "./packaging/rpm.mjs";
import { plant } from "./packaging/tree.mjs";
import { setup, system } from "./setup.mjs";

const formats = { deb: makeDeb, rpm: makeRpm, archive: makeArchive };

async function make({ release }) {
  if (process.platform !== "linux" || !onPath("dpkg-deb"))
    throw new Error("these packages are made on Debian or Ubuntu; elsewhere: npm run tauri build");
  await setup();
  await system(packaging);
  // The tests have built the programs already, and only this call reuses their artifacts.
  const builds = release ? [buildApp({ release }), buildCommand({ release })] : [buildAll()];
  let failed = await buildPages();
  for (const build of builds) failed ??= await run(...build, { minutes: 60 });
  if (failed) throw new Error(`the build ${failed}`);
  const place = join(target, "packages", release ? "release" : "debug");
  const out = join(place, "out");
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const planted = join(place, "planted");
  const problem = await plant(planted, { release, zsh: "vendor-completions" });
  if (problem) throw new Error(problem);
  const options = { out, quick: !release, notices: notices() };
  for (const [name, pack] of Object.entries(formats)) {
    const done = await pack(planted, { ...options, work: join(place, name) });
    if (done.problem) throw new Error(`${name}: ${done.problem}`);
    const size = (statSync(done.file).size / 1e6).toFixed(1);
    console.log(`${relative(root, done.file)}: ${size} MB`);
  }
}

const words = process.argv.slice(2);
if (words.some((word) => word !== "--debug")) {
  console.error("usage: npm run package [-- --debug]");
  process.exit(2);
}
try {
  await make({ release: !words.includes("--debug") });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
