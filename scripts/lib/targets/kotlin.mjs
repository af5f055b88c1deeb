// The plugin's Kotlin, without Gradle and without Android's kit: compiled by Maven against the framework's real jar and
// Tauri's own Kotlin, and its tests run. Knows no Rust but where cargo keeps Tauri's source.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, parse } from "node:path";
import { tauri, target } from "../paths.mjs";
import { output, run } from "../run.mjs";

const plugin = join(tauri, "plugins", "transfer", "android");

/** Resolves with what went wrong, or null. `install` brings Debian packages. */
export async function checkKotlin({ install }) {
  if (output("mvn", ["--version"]) === null) await install(["maven", "default-jdk-headless"]);
  const sources = tauriKotlin();
  if (sources === null) return "cargo does not say where Tauri's source is";
  const built = join(target, "targets", "kotlin");
  resources(join(built, "generated"));
  const options = ["-q", "-B", "-f", join(plugin, "check", "pom.xml")];
  return run("mvn", [...options, `-Dtauri=${sources}`, `-Dbuilt=${built}`, "test"], { minutes: 15 });
}

/** The folder of the Kotlin that belongs to the version of Tauri in Cargo.lock. */
function tauriKotlin() {
  const manifest = join(tauri, "Cargo.toml");
  const told = output("cargo", [
    "metadata",
    "--format-version",
    "1",
    "--locked",
    "--manifest-path",
    manifest,
  ]);
  if (told === null) return null;
  const crate = JSON.parse(told).packages.find((one) => one.name === "tauri");
  return crate === undefined ? null : join(dirname(crate.manifest_path), "mobile", "android");
}

/** What Android's build makes of `res/`: a name for each thing in it, so that a missing one is seen here too. */
function resources(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const drawable = readdirSync(join(plugin, "src", "main", "res", "drawable"));
  const lines = drawable.map((file) => `        const val ${parse(file).name} = 0`);
  const text = [
    "package dev.millrace.transfer",
    "object R {",
    "    object drawable {",
    ...lines,
    "    }",
    "}",
    "",
  ];
  writeFileSync(join(folder, "R.kt"), text.join("\n"));
}
