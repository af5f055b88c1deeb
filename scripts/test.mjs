// `npm test`: sets up, then runs every step. `npm test -- --only e2e` runs one kind: check, unit, rust, build or e2e.
import { runAll } from "./lib/runner.mjs";
import { chosen, steps } from "./lib/steps.mjs";
import { setup } from "./setup.mjs";

const kinds = [];
const rest = process.argv.slice(2);
while (rest.length > 0) {
  const kind = rest[0] === "--only" ? rest[1] : undefined;
  if (!steps.some((step) => step.kind === kind)) {
    console.error(`usage: npm test -- [--only ${[...new Set(steps.map((step) => step.kind))].join("|")}]...`);
    process.exit(2);
  }
  kinds.push(kind);
  rest.splice(0, 2);
}

try {
  await setup({ tests: true });
  process.exitCode = (await runAll(chosen(kinds), { beside: true })) ? 0 : 1;
} catch (error) {
  console.error(error.message);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
