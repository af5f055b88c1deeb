// `npm run check:targets [-- NAME...]`: what can be seen here of the systems that this machine is not: the types of macos and windows, the
// libraries of android, android-x86_64 (both linked) and ios, the types of android-armv7, the phone's Kotlin compiled and tested
// (kotlin), its Swift read (swift), and tests of Windows' command line (wine). Or only those that are named.
// With `--debian` it takes no library that rustup has fetched.
import { runAll } from "./lib/runner.mjs";
import { targetSteps } from "./lib/targets/steps.mjs";

const words = process.argv.slice(2);
const named = words.filter((word) => word !== "--debian");
const steps = targetSteps(words.includes("--debian") ? "debian" : undefined);
const known = steps.map((step) => step.target);
if (named.some((name) => !known.includes(name))) {
  console.error(`usage: npm run check:targets -- [--debian] [${known.join("|")}]...`);
  process.exit(2);
}
if (process.platform !== "linux") {
  console.error(
    "the other systems are checked on Linux, Debian best: there their tools are packages or not needed",
  );
  process.exit(1);
}
const chosen = steps.filter((step) => named.length === 0 || named.includes(step.target));
process.exitCode = (await runAll(chosen)) ? 0 : 1;
