// `npm run soak`: random faults, pauses and kills for 30 minutes, or as long as `-- --minutes 2` says; `--seed 7` repeats
// a run's chances. Before that, 20 rounds in which a download is killed again and again (`--kill-rounds 5`). What it does and checks is in src-tauri/crates/soak.
import { cargo, run } from "./lib/run.mjs";

const args = process.argv.slice(2);
const at = args.indexOf("--minutes");
const minutes = at < 0 ? 30 : Number(args[at + 1]);
const [command, call] = cargo("run", "-q", "-p", "millrace-soak", "--", ...args);
// Beside the time asked for: the build, and the end in which everything is brought to rest.
const problem = await run(command, call, { minutes: (Number.isFinite(minutes) ? minutes : 0) + 30 });
if (problem) {
  console.error(`soak: ${problem}`);
  process.exitCode = 1;
}
