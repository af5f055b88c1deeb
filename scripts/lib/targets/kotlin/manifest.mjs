// Merges the manifests of the Android app with the tool that Gradle uses.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../run.mjs";

// The value that `gen/android/app/build.gradle.kts` sets for a release.
const TARGET = 37;
const placeholders = { usesCleartextTraffic: "false" };

/**
 * Merges the manifests of `projects`, of which the last is the app, and of Android's `archives` into the file `merged`,
 * with the Java program of `classPath`. Throws with a sentence to show.
 */
export async function merge({ projects, archives, classPath, merged, work }) {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const app = projects.at(-1);
  const main = stated(app, work, true);
  const libraries = projects.slice(0, -1).map((one) => stated(one, work, false));
  const all = [...libraries, ...archives.map(({ manifest }) => manifest)];
  const property = (name, value) => ["--property", `${name}=${value}`];
  const placeholder = ([name, value]) => ["--placeholder", `${name}=${value}`];
  const call = [
    ...["-cp", classPath, "com.android.manifmerger.Merger", "--main", main, "--libs", all.join(":")],
    ...["--out", merged, "--log", "WARNING", "--remove-tools-declarations"],
    ...property("MIN_SDK_VERSION", app.minSdk),
    ...property("TARGET_SDK_VERSION", TARGET),
    ...Object.entries({ ...placeholders, applicationId: app.namespace }).flatMap(placeholder),
  ];
  rmSync(merged, { force: true });
  const failed = await run("java", call, { minutes: 10 });
  if (failed) throw new Error(`the manifests could not be merged: ${failed}`);
}

/** A project's manifest with the values of its Gradle file: the build does the same before it merges. */
function stated({ namespace, minSdk, main }, work, isApp) {
  const text = readFileSync(join(main, "AndroidManifest.xml"), "utf8");
  const file = join(work, `${namespace}.xml`);
  // The app's own value is a property of the merger.
  const sdk = isApp ? "" : `\n    <uses-sdk android:minSdkVersion="${minSdk}" />`;
  const opened = (tag) => `${tag.replace(/>$/, ` package="${namespace}">`)}${sdk}`;
  writeFileSync(file, text.replace(/<manifest[^>]*>/, opened));
  return file;
}
