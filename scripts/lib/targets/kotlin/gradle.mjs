// Lists what Gradle builds into the Android app: the projects of Tauri, of every plugin and of the app, according to
// their build files. Knows where cargo keeps their sources; does not run Gradle.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { tauri } from "../../paths.mjs";
import { output } from "../../run.mjs";

const app = join(tauri, "gen", "android", "app");

/**
 * Each `{ namespace, minSdk, main, wanted, buildConfig }`, the app last: `main` is its source folder, `wanted` are the
 * libraries that it names (`group:name:version`). Writes the app's generated Kotlin into `generated`. Throws with a
 * sentence to show.
 */
export function projects(generated) {
  const manifest = ["--locked", "--manifest-path", join(tauri, "Cargo.toml")];
  const platform = ["--filter-platform", "aarch64-linux-android"];
  const told = output("cargo", ["metadata", "--format-version", "1", ...platform, ...manifest]);
  if (told === null) throw new Error("cargo does not say where the sources of Tauri are");
  const { packages, resolve } = JSON.parse(told);
  const built = new Set(resolve.nodes.map(({ id }) => id));
  const crates = packages.filter(({ id }) => built.has(id));
  const folder = (name) => dirname(crates.find((one) => one.name === name).manifest_path);
  const plugins = crates.filter(({ links }) => links?.startsWith("tauri-plugin-"));
  const android = plugins.map((one) => join(dirname(one.manifest_path), "android"));
  const core = join(folder("tauri"), "mobile");
  const templates = [join(folder("wry"), "src", "android", "kotlin"), join(core, "android-codegen")];
  writeApp(generated, templates);
  return [join(core, "android"), ...android.filter((one) => existsSync(one)), app].map(project);
}

function project(folder) {
  const gradle = readFileSync(join(folder, "build.gradle.kts"), "utf8");
  const [, namespace] = gradle.match(/namespace = "([\w.]+)"/);
  const [, minSdk] = gradle.match(/minSdk = (\d+)/);
  const wanted = [...gradle.matchAll(/\bimplementation\("([\w.-]+:[\w.-]+:[\w.-]+)"\)/g)].map(
    ([, one]) => one,
  );
  const buildConfig = /buildConfig = true/.test(gradle);
  return { namespace, minSdk, main: join(folder, "src", "main"), wanted, buildConfig };
}

/** Generates what Tauri's build writes beside `MainActivity`: templates with the names of this app. */
function writeApp(into, folders) {
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  const { namespace } = project(app);
  const words = { package: namespace, library: "millrace_app_lib", "class-extension": "", "class-init": "" };
  for (const folder of folders) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".kt"))) {
      const text = readFileSync(join(folder, file), "utf8");
      writeFileSync(
        join(into, file),
        text.replace(/\{\{([\w-]+)\}\}/g, (_, word) => words[word]),
      );
    }
  }
}
