// `npm run android [-- ARGS]` and `npm run ios [-- ARGS]`: list what is missing to build for a phone, each with the
// step that installs it; when nothing is, run the app there (or what ARGS say: `build`, `dev --open`, ...).
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { compileMessages } from "./lib/messages.mjs";
import { output, run } from "./lib/run.mjs";

const NDK = "28.2.13676358";

const [system, ...rest] = process.argv.slice(2);
const phones = { android, ios };
if (!Object.hasOwn(phones, system)) {
  console.error("usage: npm run android|ios [-- dev|build ...]");
  process.exit(2);
}
const { missing, env, before = [] } = phones[system]();
if (missing.length > 0) {
  console.error(`For ${system === "ios" ? "an iPhone" : "Android"} this is missing:\n`);
  for (const { what, step } of missing) console.error(`  ${what}\n    ${step}\n`);
  console.error("The code itself is checked without any of it: npm run check:targets");
  process.exit(1);
}
const tauri = (...args) => run("npx", ["tauri", system, ...args], { minutes: 24 * 60, env });
let failed = await compileMessages();
for (const args of before) failed ??= await tauri(...args);
failed ??= await tauri(...(rest.length > 0 ? rest : ["dev"]));
if (failed) {
  console.error(`tauri ${system} ${failed}`);
  process.exitCode = 1;
}

function android() {
  const missing = [];
  const kit = firstThere(
    process.env.ANDROID_HOME,
    join(homedir(), "Android", "Sdk"),
    join(homedir(), "Library", "Android", "sdk"),
    join(process.env.LOCALAPPDATA ?? homedir(), "Android", "Sdk"),
  );
  if (kit === null) {
    missing.push({
      what: "the Android SDK",
      step: "install Android Studio from https://developer.android.com/studio and start it once, or set ANDROID_HOME",
    });
  }
  const kits = kit === null ? [] : folders(join(kit, "ndk"));
  const ndk = firstThere(process.env.NDK_HOME, ...kits.map((one) => join(kit, "ndk", one)).reverse());
  if (ndk === null) {
    missing.push({
      what: "the Android NDK",
      step: `"${join(kit ?? "$ANDROID_HOME", "cmdline-tools", "latest", "bin", "sdkmanager")}" "ndk;${NDK}"`,
    });
  }
  const java = firstThere(process.env.JAVA_HOME, "/opt/android-studio/jbr");
  if (java === null && output("java", ["-version"]) === null) {
    missing.push({
      what: "Java 17 or newer",
      step: "apt-get install openjdk-17-jdk-headless, or set JAVA_HOME to the jbr folder of Android Studio",
    });
  }
  library(missing, ["aarch64-linux-android", "armv7-linux-androideabi", "x86_64-linux-android"]);
  const env = { ANDROID_HOME: kit, NDK_HOME: ndk, ...(java === null ? {} : { JAVA_HOME: java }) };
  return { missing, env };
}

function ios() {
  const missing = [];
  if (process.platform !== "darwin") {
    missing.push({
      what: "macOS",
      step: "Apple's tools run nowhere else; the release workflow builds the app on GitHub's Macs",
    });
    return { missing, env: {} };
  }
  if (output("xcodebuild", ["-version"]) === null) {
    missing.push({
      what: "Xcode",
      step: "install it from the App Store, then: sudo xcode-select -s /Applications/Xcode.app",
    });
  }
  if (output("xcodegen", ["--version"]) === null)
    missing.push({ what: "xcodegen", step: "brew install xcodegen" });
  library(missing, ["aarch64-apple-ios", "aarch64-apple-ios-sim"]);
  // Creates missing files, and generates the Xcode project from project.yml.
  return { missing, env: {}, before: [["init", "--ci", "--skip-targets-install"]] };
}

function library(missing, triples) {
  const there = output("rustup", ["target", "list", "--installed"])?.split("\n") ?? [];
  const absent = triples.filter((triple) => !there.includes(triple));
  if (absent.length > 0)
    missing.push({ what: "Rust's library for it", step: `rustup target add ${absent.join(" ")}` });
}

function firstThere(...paths) {
  return paths.find((path) => path !== undefined && existsSync(path)) ?? null;
}

function folders(path) {
  return existsSync(path) ? readdirSync(path).sort() : [];
}
