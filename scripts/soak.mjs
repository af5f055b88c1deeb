// `npm run soak`: random faults, pauses and kills for 30 minutes, or as long as `-- --minutes 2` says; `--seed 7`
// repeats a run's random choices. Before that, 20 rounds in which a download is killed again and again (`--kill-rounds
// 5`). The checks are in src-tauri/crates/soak.
import { cargo, run } from "./lib/run.mjs";

const args = process.argv.slice(2);
const at = args.indexOf("--minutes");
const minutes = at < 0 ? 30 : Number(args[at + 1]);
const [command, call] = cargo("run", "-q", "-p", "millrace-soak", "--", ...args);
// In addition to the requested time: the build, and the final phase in which all downloads complete.
const problem = await run(command, call, { minutes: (Number.isFinite(minutes) ? minutes : 0) + 30 });
if (problem) {
  console.error(`soak: ${problem}`);
  process.exitCode = 1;
}
