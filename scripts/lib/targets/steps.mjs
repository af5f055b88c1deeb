// The systems that this one is not, as steps of the list: each type-checked, and the phone's Kotlin compiled and tested.
import { system } from "../../setup.mjs";
import { checkTarget, targets } from "./check.mjs";
import { checkKotlin } from "./kotlin.mjs";

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
  return [...rust, kotlin];
}
