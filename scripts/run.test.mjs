// Checks that what the scripts start is bounded, ends with them, and lowers its priority on request.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";

const linux = process.platform === "linux" ? {} : { skip: "by Linux' /proc" };

/** A Node program that runs `command` with `run` and prints its process id. */
const nested = (command) => [
  "--input-type=module",
  "-e",
  `import { run } from ${JSON.stringify(join(root, "scripts", "lib", "run.mjs"))};
   process.exitCode = (await run("sh", ["-c", ${JSON.stringify(command)}])) === null ? 0 : 1;`,
];

test("what went wrong is said, and what went well is not", async () => {
  assert.equal(await run("true", []), null);
  assert.equal(await run("sh", ["-c", "exit 3"]), "ended with 3");
  assert.match(await run("no-such-program", []), /^no-such-program could not be started: /);
});

test("what a step that failed printed last is shown again at the end", async () => {
  const said = (command) =>
    new Promise((resolve) => {
      const child = spawn("node", [
        "--input-type=module",
        "-e",
        `import { run } from ${JSON.stringify(join(root, "scripts", "lib", "run.mjs"))};
         import { runAll } from ${JSON.stringify(join(root, "scripts", "lib", "runner.mjs"))};
         const step = (name, command) => ({ name, go: () => run("sh", ["-c", command]) });
         await runAll([step("first", ${JSON.stringify(command)}), step("second", "echo well")]);`,
      ]);
      let all = "";
      child.stdout.on("data", (data) => (all += data));
      child.once("close", () => resolve(all));
    });
  const failed = await said("echo the reason >&2; exit 3");
  assert.match(failed, /well\n== second: passed[^]*== first: ended with 3\. Its end was:\nthe reason\n/);
  assert.match(failed, /\n1 passed, 1 failed\n$/);
  const passed = await said("echo no reason");
  assert.match(passed, /^\n== first\nno reason\n== first: passed/);
  assert.doesNotMatch(passed, /Its end was/);
});

test("a program that hangs is ended with everything that it has started", linux, async () => {
  assert.match(await run("sh", ["-c", "sleep 1000 & wait"], { minutes: 0.005 }), /^not done after/);
});

test("an interrupted run ends what its own runs have started", linux, async () => {
  const child = spawn("node", nested("echo $$; exec sleep 1000"), { stdio: ["ignore", "pipe", "inherit"] });
  const pid = Number(await new Promise((resolve) => child.stdout.once("data", resolve)));
  assert.doesNotThrow(() => process.kill(pid, 0));
  child.kill("SIGTERM");
  assert.equal(await new Promise((resolve) => child.once("exit", resolve)), 143);
  assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
});

test("a modest one gives way, with all that its own runs start", linux, async () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-run-"));
  try {
    const path = join(folder, "log");
    const log = openSync(path, "w");
    const shares = existsSync("/proc/self/autogroup");
    // Its autogroup priority is set after it has started.
    const given = shares ? "until grep -q 'nice 19' /proc/self/autogroup; do sleep 0.05; done" : "true";
    const told = await run("node", nested(`cat /proc/self/stat; ${given}`), {
      log,
      modest: true,
      minutes: 1.5,
    });
    assert.equal(told, null);
    closeSync(log);
    // "nice", proc(5)
    const fields = readFileSync(path, "utf8").split(") ").pop().split(" ");
    assert.equal(fields[16], "19");
    assert.equal(getPriority(), 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
