// `npm run gen`: regenerates gen/ from the Rust types and the command line's arguments, by the tests that otherwise
// compare the two.
import { cargo, run } from "./lib/run.mjs";

const tests = [
  ["-p", "millrace-app", "bindings_are_fresh"],
  ["-p", "millrace-cli", "--bin", "millrace", "are_fresh"],
];
for (const test of tests) {
  const [command, args] = cargo("test", ...test);
  if ((await run(command, args, { env: { MILLRACE_GEN: "1" } })) !== null) process.exitCode = 1;
}
