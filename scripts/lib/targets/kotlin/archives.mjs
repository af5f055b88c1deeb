// Unpacks Android archives: their classes into one jar, their resources and manifests beside it.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { run } from "../../run.mjs";
import { filesBelow, once } from "./note.mjs";

const quiet = ["-y", "-bd", "-bso0", "-bsp0"];

/**
 * Unpacks the archives and jars in `from`: all their classes into `into`/androidx.jar; returns each archive's `{ name,
 * namespace, manifest, symbols, res }`. Throws with a sentence to show.
 */
export async function unpacked(from, into) {
  const classes = join(into, "androidx.jar");
  const folder = join(into, "archives");
  await once(join(into, "archives.txt"), readdirSync(from).sort(), async () => {
    rmSync(into, { recursive: true, force: true });
    const all = join(into, "classes");
    mkdirSync(all, { recursive: true });
    await sevenZip(["x", join(from, "*.aar"), `-o${join(folder, "*")}`]);
    await sevenZip(["x", join(folder, "*", "classes.jar"), `-o${all}`]);
    await sevenZip(["x", join(from, "*.jar"), `-o${all}`]);
    await stored(classes, ["."], all);
    rmSync(all, { recursive: true, force: true });
    for (const name of readdirSync(folder)) withoutMacros(join(folder, name));
  });
  return readdirSync(folder).map((name) => archive(join(folder, name)));
}

/** Extracts some files of an archive. */
export async function extract(archived, names, into) {
  mkdirSync(into, { recursive: true });
  await sevenZip(["x", archived, ...names, `-o${into}`]);
}

/** Packs files of `folder` into an archive without compression. */
export async function stored(archived, files, folder) {
  rmSync(archived, { force: true });
  await sevenZip(["a", "-tzip", "-mx0", archived, ...files], { cwd: folder });
}

function archive(folder) {
  const manifest = readFileSync(join(folder, "AndroidManifest.xml"), "utf8");
  const [, namespace] = manifest.match(/package="([\w.]+)"/);
  const res = join(folder, "res");
  return {
    name: basename(folder),
    namespace,
    manifest: join(folder, "AndroidManifest.xml"),
    symbols: join(folder, "R.txt"),
    res: existsSync(res) ? res : null,
  };
}

/** Expands Material's macros, which Debian's aapt2 does not know. */
function withoutMacros(folder) {
  const macro = /<macro name="([\w.]+)">([^<]*)<\/macro>/g;
  const files = filesBelow(join(folder, "res")).filter((file) => file.endsWith(".xml"));
  const texts = files.map((file) => readFileSync(file, "utf8"));
  const values = new Map(
    texts.flatMap((text) => Array.from(text.matchAll(macro), ([, name, value]) => [name, value])),
  );
  const meant = (text) => text.replace(/@macro\/([\w.]+)/g, (_, name) => meant(values.get(name)));
  for (const [at, file] of files.entries()) {
    const text = meant(texts[at].replace(macro, ""));
    if (text !== texts[at]) writeFileSync(file, text);
  }
}

async function sevenZip([command, ...args], options = {}) {
  const failed = await run("7z", [command, ...quiet, ...args], { minutes: 5, ...options });
  if (failed) throw new Error(`7z ${command} ${args.join(" ")}: ${failed}`);
}
