// Checks the workflows with actionlint: their syntax, known facts about the actions and runners that they name, and,
// with shellcheck, the commands in them. Does not know what the workflows are for.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root, target } from "./paths.mjs";
import { onPath, output, run } from "./run.mjs";

const PROGRAM = "github.com/rhysd/actionlint/cmd/actionlint";
const GO = [1, 21];

/** Resolves with an error message, or null. `install` installs Debian packages. */
export async function checkWorkflows({ install }) {
  await install(["shellcheck"]);
  const [, major, minor] = /\bgo(\d+)\.(\d+)/.exec(output("go", ["version"]) ?? "") ?? [];
  // An older Go can neither build it nor fetch a newer one.
  if (!onPath("go") || Number(major) < GO[0] || Number(minor) < GO[1]) {
    const missing = `Go ${GO.join(".")} or newer, which builds actionlint, is not here (https://go.dev/dl)`;
    if (process.env.CI) return missing;
    console.log(`not looked at: ${missing}`);
    return null;
  }
  const linter = join(target, "tools", "actionlint");
  const folder = join(root, "scripts", "tools", "actionlint");
  // A no-op when it is already built; downloads must match the checksums in go.sum.
  const build = ["build", "-C", folder, "-mod=readonly", "-trimpath", "-o", linter, PROGRAM];
  const failed = await run("go", build, { minutes: 10, env: { GOFLAGS: "" } });
  if (failed) return `building actionlint ${failed}`;
  const workflows = join(root, ".github", "workflows");
  return run(
    linter,
    readdirSync(workflows).map((name) => join(workflows, name)),
    { minutes: 2 },
  );
}
