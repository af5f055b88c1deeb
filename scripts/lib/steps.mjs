// All checks and tests in order: `npm run check` and `npm test` both read this list.
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { system } from "../setup.mjs";
import { buildAll, buildPages, documentAll, lintAll, testAll } from "./build.mjs";
import { checkLicences, checkUnusedCrates } from "./crates.mjs";
import { compileMessages } from "./messages.mjs";
import { phone } from "./packages.mjs";
import { root, soakBinary } from "./paths.mjs";
import { cargo, run } from "./run.mjs";
import { checkDirections } from "./rust/directions.mjs";
import { targetSteps } from "./targets/steps.mjs";
import { checkWorkflows } from "./workflows.mjs";

const nodeTests = (...names) => [
  "node",
  ["--test", "--test-reporter=spec", ...names.map((name) => `scripts/${name}.test.mjs`)],
];
const npx = (...args) => ["npx", args];
const call =
  ([command, args], options) =>
  () =>
    run(command, args, options);

/** `kind` is what `--only` accepts; `go` resolves with an error message, or null. */
export const steps = [
  { kind: "check", name: "formatting", go: call(npx("prettier", "--check", "."), { minutes: 5 }) },
  // Checked and tested like any other module, so they must exist first.
  { kind: "build", name: "messages", needed: ["check", "unit"], go: compileMessages },
  { kind: "check", name: "eslint", go: call(npx("eslint", "."), { minutes: 5 }) },
  {
    kind: "check",
    name: "svelte-check",
    go: call(npx("svelte-check", "--fail-on-warnings"), { minutes: 5 }),
  },
  {
    kind: "check",
    name: "unused files, exports and packages",
    go: call(npx("knip", "--treat-config-hints-as-errors"), { minutes: 5 }),
  },
  { kind: "check", name: "cargo fmt", go: call(cargo("fmt", "--all", "--check"), { minutes: 5 }) },
  { kind: "check", name: "directions and circles of Rust's modules", go: checkDirections },
  { kind: "check", name: "actionlint", onlyOn: "linux", go: () => checkWorkflows({ install: system }) },
  {
    kind: "check",
    name: "licences, versions and sources of crates",
    onlyOn: "linux",
    go: () => checkLicences({ install: system }),
  },
  {
    kind: "check",
    name: "unused crates",
    onlyOn: "linux",
    go: () => checkUnusedCrates({ install: system }),
  },
  // The application's macros need the built pages, even when only types are checked.
  { kind: "build", name: "pages", needed: ["check", "rust", "e2e"], go: buildPages },
  { kind: "check", name: "clippy", go: call(lintAll(), { minutes: 30 }) },
  // Checks that intra-doc links resolve.
  {
    kind: "check",
    name: "cargo doc",
    go: call(documentAll(), { minutes: 15, env: { RUSTDOCFLAGS: "-D warnings" } }),
  },
  {
    kind: "unit",
    name: "the scripts and the phones' projects",
    go: call(nodeTests("run", "projects", "ios", "calls", "targets", "modules", "mutants", "first-screen"), {
      minutes: 2,
    }),
  },
  {
    kind: "unit",
    name: "workflows and the steps of a release",
    go: call(nodeTests("workflows", "release"), { minutes: 5 }),
  },
  {
    kind: "unit",
    name: "a clean clone",
    go: call(nodeTests("clone"), { minutes: 8 }),
  },
  { kind: "unit", name: "vitest", go: call(npx("vitest", "run"), { minutes: 10 }) },
  // All of Rust together: built one by one, crates unify features differently and are compiled several times.
  { kind: "build", name: "all of Rust", needed: ["rust", "e2e"], go: call(buildAll(), { minutes: 40 }) },
  // Includes the test that gen/ is up to date.
  { kind: "rust", name: "tests of all crates", go: call(testAll(), { minutes: 40 }) },
  {
    kind: "rust",
    name: "the servers that people download from",
    onlyOn: "linux",
    go: realServers,
  },
  // A short one; `npm run soak` is the long one.
  {
    kind: "rust",
    name: "soak",
    go: call([soakBinary(), ["--minutes", "0.33", "--kill-rounds", "2"]], { minutes: 15 }),
  },
  {
    kind: "build",
    name: "packages for Linux",
    needed: ["e2e"],
    onlyOn: "linux",
    go: call(["node", ["scripts/package.mjs", "--debug"]], { minutes: 10 }),
  },
  { kind: "e2e", name: "the real application", onlyOn: "linux", go: endToEnd },
  { kind: "e2e", name: "the phone's pages in Chromium", onlyOn: "linux", go: phonePages },
  // Also `npm run check:targets`. Last: another system breaks least often, and most of these steps run in parallel with
  // the others.
  ...targetSteps(),
];

/** The steps of these kinds, with the steps they need; without kinds, all. */
export function chosen(kinds) {
  const here = steps.filter((step) => step.onlyOn === undefined || step.onlyOn === process.platform);
  if (kinds.length === 0) return here;
  return here.filter(
    (step) => kinds.includes(step.kind) || step.needed?.some((kind) => kinds.includes(kind)),
  );
}

/**
 * Runs against Debian's nginx, Apache, lighttpd, haproxy and squid, unpacked beside the build, and the command line.
 */
function realServers() {
  const options = ["--test", "--test-reporter=spec", "--test-timeout=300000", "scripts/servers.test.mjs"];
  return run("node", options, { minutes: 10 });
}

/** Tests the built pages over the fake core; screenshots are kept in `e2e/out/phone/`. */
async function phonePages() {
  await system(phone);
  const folder = join(root, "e2e", "phone");
  const files = readdirSync(folder).filter((name) => name.endsWith(".test.mjs"));
  const options = ["--test", "--test-concurrency=2", "--test-reporter=spec", "--test-timeout=300000"];
  return run("node", [...options, ...files.map((name) => join(folder, name))], { minutes: 20 });
}

/** One file after the other: two windows in parallel only slow each other down. */
function endToEnd() {
  // Leftovers of an earlier run would be taken for results of this one.
  rmSync(join(root, "e2e", "out"), { recursive: true, force: true });
  const files = readdirSync(join(root, "e2e")).filter((name) => name.endsWith(".test.mjs"));
  const paths = files.sort().map((name) => join("e2e", name));
  const options = ["--test", "--test-concurrency=1", "--test-reporter=spec", "--test-timeout=600000"];
  return run("node", [...options, ...paths], { minutes: 25 });
}
