// `npm run check`: all static checks.
import { runAll } from "./lib/runner.mjs";
import { chosen } from "./lib/steps.mjs";

process.exitCode = (await runAll(chosen(["check"]))) ? 0 : 1;
