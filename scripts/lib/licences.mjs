// What of others is in the app, with its licences: crates by Cargo's metadata, packages of the page by the lock file. Uses
// what is installed, and no network.
import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const isLicence = /^(licen[cs]e|copying|notice|unlicense)/i;

/**
 * Resolves with `{ parts, texts }`: each part has a name, a version, the expression of its licence, and the places of its
 * licence files among `texts`.
 */
async function licences(root) {
  const parts = [...(await crates(root)), ...(await packages(root))];
  const texts = [];
  const places = new Map();
  const listed = [];
  for (const { folder, ...part } of parts) {
    const own = await licenceFiles(folder);
    const at = own.map((text) => {
      if (!places.has(text)) places.set(text, texts.push(text) - 1);
      return places.get(text);
    });
    listed.push({ ...part, texts: at });
  }
  listed.sort((a, b) => a.name.localeCompare(b.name, "en") || a.version.localeCompare(b.version, "en"));
  return { parts: listed, texts };
}

async function licenceFiles(folder) {
  const names = (await readdir(folder).catch(() => [])).filter((name) => isLicence.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8").catch(() => "")));
  return texts.map((text) => text.replace(/\r\n/g, "\n").trim()).filter((text) => text !== "");
}

/** What the app crate is linked with on the target that is built for; neither its tests nor its build scripts. */
async function crates(root) {
  const target = process.env.TAURI_ENV_TARGET_TRIPLE ?? (await host());
  const { stdout } = await run(
    "cargo",
    ["metadata", "--format-version", "1", "--locked", "--filter-platform", target],
    { cwd: join(root, "src-tauri"), maxBuffer: 256 * 2 ** 20 },
  );
  const { packages: all, resolve } = JSON.parse(stdout);
  const byId = new Map(all.map((one) => [one.id, one]));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const open = all.filter((one) => one.name === "millrace-app").map((one) => one.id);
  const linked = new Set(open);
  while (open.length > 0) {
    for (const dep of nodes.get(open.pop())?.deps ?? []) {
      const normal = dep.dep_kinds.some(({ kind }) => kind === null);
      const macro = byId.get(dep.pkg)?.targets.every(({ kind }) => kind.includes("proc-macro"));
      if (!normal || macro || linked.has(dep.pkg)) continue;
      linked.add(dep.pkg);
      open.push(dep.pkg);
    }
  }
  return [...linked]
    .map((id) => byId.get(id))
    .filter((one) => one.source !== null)
    .map((one) => ({
      name: one.name,
      version: one.version,
      licence: one.license ?? "",
      folder: dirname(one.manifest_path),
    }));
}

async function host() {
  const { stdout } = await run("rustc", ["-vV"]);
  return /^host: (.+)$/m.exec(stdout)?.[1] ?? "";
}

/** The packages that the page is made of, and what they need. */
async function packages(root) {
  const { packages: locked } = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8"));
  return Object.entries(locked)
    .filter(([path, one]) => path.startsWith("node_modules/") && one.dev !== true && one.optional !== true)
    .map(([path, one]) => ({
      name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
      version: one.version,
      licence: one.license ?? "",
      folder: join(root, path),
    }));
}

const name = "virtual:licences";
const resolved = `\0${name}`;

/** A Vite plugin: the module `virtual:licences` has what `licences` resolves with. Made only when it is imported. */
export const licencesPlugin = (root) => ({
  name: "licences",
  resolveId: (source) => (source === name ? resolved : undefined),
  async load(id) {
    if (id !== resolved) return undefined;
    const text = JSON.stringify(await licences(root));
    return `export default JSON.parse(${JSON.stringify(text)});`;
  },
});
