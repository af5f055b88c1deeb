// `npm run fix`: lets the formatters and eslint change what they can mend themselves.
import { cargo, run } from "./lib/run.mjs";

const calls = [
  ["npx", ["prettier", "--write", "."]],
  ["npx", ["eslint", "--fix", "."]],
  cargo("fmt", "--all"),
];
for (const [command, args] of calls) {
  if ((await run(command, args, { minutes: 5 })) !== null) process.exitCode = 1;
}
