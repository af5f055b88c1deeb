// `npm run fix`: applies the formatters and the automatic fixes of eslint.
import { cargo, run } from "./lib/run.mjs";

const calls = [
  ["npx", ["prettier", "--write", "."]],
  ["npx", ["eslint", "--fix", "."]],
  cargo("fmt", "--all"),
];
for (const [command, args] of calls) {
  if ((await run(command, args, { minutes: 5 })) !== null) process.exitCode = 1;
}
