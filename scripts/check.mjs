// `npm run check`: everything that can be said about the code without running it.
import { runAll } from "./lib/runner.mjs";
import { chosen } from "./lib/steps.mjs";

process.exitCode = (await runAll(chosen(["check"]))) ? 0 : 1;
