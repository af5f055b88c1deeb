// Compiles and links the resources of the Android app with aapt2, against a framework that Debian's aapt2 can read.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { extract, stored } from "./archives.mjs";
import { once } from "./note.mjs";

/**
 * Links the `res/` folders of `projects` and `archives` with the merged manifest, against the framework in the jar
 * `android`; returns `{ apk, symbols }`: the app's resources, and a list of their names and numbers. Throws with a
 * sentence to show.
 */
export async function link({ projects, archives, manifest, android, work }) {
  const framework = join(work, "framework.apk");
  await once(join(work, "framework.txt"), [android], async () => {
    rmSync(work, { recursive: true, force: true });
    const parts = ["resources.arsc", "AndroidManifest.xml"];
    await extract(android, parts, work);
    await stored(framework, parts, work);
  });
  const compiled = [];
  for (const { name, res } of archives.filter((one) => one.res !== null))
    compiled.push(await compile(name, res, join(work, "archives")));
  for (const { namespace, main } of projects) {
    const res = join(main, "res");
    if (existsSync(res)) compiled.push(await compile(namespace, res, join(work, "projects")));
  }
  const apk = join(work, "app.apk");
  const symbols = join(work, "R.txt");
  const overlays = compiled.flatMap((one) => ["-R", one]);
  const files = ["--manifest", manifest, "-o", apk, "--output-text-symbols", symbols];
  // Libraries bring strings in languages for which the app has no default string.
  const options = ["--auto-add-overlay", "--no-version-vectors", "-I", framework];
  aapt2(["link", ...options, ...files, ...overlays], "the resources do not fit together");
  return { apk, symbols };
}

async function compile(name, res, into) {
  mkdirSync(into, { recursive: true });
  const archived = join(into, `${name}.zip`);
  await once(`${archived}.txt`, [res], async () => {
    aapt2(["compile", "--dir", res, "-o", archived], `the resources of ${name} are wrong`);
  });
  return archived;
}

function aapt2(args, failed) {
  const { status, stderr, error } = spawnSync("aapt2", args, { encoding: "utf8", maxBuffer: 64 << 20 });
  if (status !== 0) throw new Error(`${failed}: ${error?.message ?? stderr}`);
}
