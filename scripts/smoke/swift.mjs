// Compiles and tests the pure logic of the phone's Swift without Xcode and without a phone. Needs a Swift compiler: a
// Mac has one. `npm test` on Linux parses this Swift (scripts/lib/targets/swift.mjs) and cannot run it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tauri } from "../lib/paths.mjs";
import { run } from "../lib/run.mjs";

/** Files that need nothing but Swift's standard library. */
const pure = ["ContinuedTask.swift", "Mailbox.swift", "Progressed.swift", "SharedLinks.swift"];

const ios = join(tauri, "plugins", "transfer", "ios");
const folder = mkdtempSync(join(tmpdir(), "millrace-swift-"));
try {
  const program = join(folder, "check");
  const sources = pure.map((file) => join(ios, "Sources", file));
  const failed = await run("swiftc", ["-o", program, ...sources, join(ios, "check", "main.swift")], {
    minutes: 5,
  });
  const problem = failed ?? (await run(program, [], { minutes: 1 }));
  if (problem) throw new Error(problem);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
