// Steps for other systems: each type-checked, or built up to what its own tools would link; Windows' command line run
// under Wine, the phone's Kotlin compiled and tested, and its Swift parsed.
import { system } from "../../setup.mjs";
import { root, tauri } from "../paths.mjs";
import { output } from "../run.mjs";
import { linkAndroid } from "./android.mjs";
import { checkTarget } from "./check.mjs";
import { buildIos } from "./ios.mjs";
import { checkKotlin } from "./kotlin.mjs";
import { checkSwift } from "./swift.mjs";
import { buildForWine, testUnderWine } from "./wine.mjs";

/**
 * `only: "debian"` takes no library that rustup has fetched. A step with `beside` measures no time, and can run beside
 * others.
 */
export function targetSteps(only) {
  const tools = { install: system, only };
  const types = (name) => [name, `types for ${name}`, () => checkTarget(name, tools)];
  const link = (triple) => () => linkAndroid(triple, tools);
  const windows = async () => (await checkTarget("windows", tools)) ?? buildForWine(tools);
  const swift = [
    "swift",
    "Swift's syntax, and that no command waits for the main thread",
    () => checkSwift(tools),
  ];
  const beside = [
    ["android", "Android's library, linked", link("aarch64-linux-android")],
    ["android-x86_64", "Android's library for emulators, linked", link("x86_64-linux-android")],
    types("android-armv7"),
    ["ios", "iOS's library, with its entry point", () => buildIos(tools)],
    types("macos"),
    ["windows", "types for windows, and its tests built", windows],
    ["kotlin", "Kotlin and its tests", () => checkKotlin(tools)],
  ];
  // After the build of what it runs.
  const wine = ["wine", "Windows under Wine", () => testUnderWine(tools)];
  const step = ([target, name, go], more = {}) => ({
    kind: "targets",
    name,
    target,
    onlyOn: "linux",
    go: () => tidy(go),
    ...more,
  });
  return [step(swift), ...beside.map((one) => step(one, { beside: true })), step(wine)];
}

/**
 * Checks that git ignores what a build of Tauri's leaves among the phone projects, and that tracked files there stay
 * unchanged.
 */
async function tidy(go) {
  const status = () => output("git", ["-C", root, "status", "--porcelain", "--", tauri]);
  const before = status();
  const failed = await go();
  const after = status();
  if (failed === null && after !== before) return `git sees what this has written:\n${after}`;
  return failed;
}
