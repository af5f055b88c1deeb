// `npm run check:targets [-- NAME...]`: checks for other systems as far as this machine can: the types of macos and
// windows, the libraries of android, android-x86_64 (both linked) and ios, the types of android-armv7, the phone's
// Kotlin compiled and tested (kotlin), its Swift parsed (swift), and tests of Windows' command line (wine). Or only the
// named ones. With `--debian` it uses no library that rustup has fetched.
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
