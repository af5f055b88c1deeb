// The systems that this one is not, as steps of the list: each type-checked, the phone's Kotlin compiled and tested, and its
// Swift read.
import { system } from "../../setup.mjs";
import { root, tauri } from "../paths.mjs";
import { output } from "../run.mjs";
import { checkTarget, targets } from "./check.mjs";
import { checkKotlin } from "./kotlin.mjs";
import { checkSwift } from "./swift.mjs";

/** `only: "debian"` takes no library that rustup has fetched. */
export function targetSteps(only) {
  const rust = Object.keys(targets).map((name) => ({
    kind: "targets",
    name: `types for ${name}`,
    target: name,
    onlyOn: "linux",
    go: () => checkTarget(name, { install: system, only }),
  }));
  const kotlin = {
    kind: "targets",
    name: "Kotlin and its tests",
    target: "kotlin",
    onlyOn: "linux",
    go: () => checkKotlin({ install: system }),
  };
  const swift = {
    kind: "targets",
    name: "Swift's syntax, and that no command waits for the main thread",
    target: "swift",
    onlyOn: "linux",
    go: () => checkSwift({ install: system }),
  };
  return [swift, ...rust, kotlin].map((step) => ({ ...step, go: () => tidy(step.go) }));
}

/** What a build of Tauri's leaves among the phones' projects has to be ignored by git, and what is kept there stays as it is. */
async function tidy(go) {
  const status = () => output("git", ["-C", root, "status", "--porcelain", "--", tauri]);
  const before = status();
  const failed = await go();
  const after = status();
  if (failed === null && after !== before) return `git sees what this has written:\n${after}`;
  return failed;
}
