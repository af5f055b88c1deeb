// Collects notices and licences of all libraries that are compiled into the programs and the pages, as their licences
// require. Knows cargo's and npm's metadata; uses only what is in a file of the library itself.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, tauri } from "../lib/paths.mjs";
import { output } from "../lib/run.mjs";

const NOTICE = /^(licen[cs]e|copying|notice|copyright|unlicense|authors)/i;

/** The notices as text. Throws when cargo does not report what is in the programs. */
export function notices() {
  const all = [...crates(), ...packages()].sort((a, b) => (a.title < b.title ? -1 : 1));
  const texts = new Map();
  for (const { title, folder } of all) {
    for (const name of readdirSync(folder).sort()) {
      const file = join(folder, name);
      if (!NOTICE.test(name) || /\.(rs|js|ts|json)$/.test(name)) continue;
      const text = readText(file);
      if (text === null) continue;
      texts.set(text, [...(texts.get(text) ?? []), title]);
    }
  }
  const list = all.map(({ title, licence }) => `${title}: ${licence}`);
  const blocks = [...texts].map(([text, of]) => `${"=".repeat(78)}\n${of.join("\n")}\n\n${text}\n`);
  const head =
    "Libraries in Millrace's programs, and their licences. The source of each is at https://crates.io/crates/NAME or";
  return `${head}\nhttps://www.npmjs.com/package/NAME.\n\n${list.join("\n")}\n\n${blocks.join("\n")}`;
}

function readText(file) {
  try {
    return readFileSync(file, "utf8").replaceAll("\r\n", "\n").trim();
  } catch (error) {
    if (error.code === "EISDIR") return null;
    throw error;
  }
}

/** All crates that the two programs are linked with; without build and test dependencies. */
function crates() {
  const host = /host: (\S+)/.exec(output("rustc", ["-vV"]))?.[1];
  const call = ["metadata", "--format-version", "1", "--locked", "--filter-platform", host];
  const told = output("cargo", [...call, "--manifest-path", join(tauri, "Cargo.toml")]);
  if (told === null) throw new Error("cargo does not say which libraries are in the programs");
  const { packages, resolve } = JSON.parse(told);
  const known = new Map(packages.map((one) => [one.id, one]));
  const nodes = new Map(resolve.nodes.map((one) => [one.id, one]));
  const reached = new Set();
  const open = packages.filter(({ name }) => ["millrace-app", "millrace-cli"].includes(name));
  for (const { id } of open) {
    for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) {
      const one = known.get(pkg);
      const builds = one.targets.some(({ kind }) => kind.includes("proc-macro"));
      if (builds || reached.has(pkg) || !kinds.some(({ kind }) => kind === null)) continue;
      reached.add(pkg);
      open.push(one);
    }
  }
  return [...reached]
    .map((id) => known.get(id))
    .filter(({ source }) => source !== null)
    .map(({ name, version, license: licence, manifest_path: manifest }) => ({
      title: `${name} ${version} (crate)`,
      licence: licence ?? "see its text below",
      folder: dirname(manifest),
    }));
}

/** The packages that the pages are bundled from. */
function packages() {
  const { packages: locked } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  return Object.entries(locked)
    .filter(([path, one]) => path !== "" && !one.dev && !one.optional && existsSync(join(root, path)))
    .map(([path, { version, license: licence }]) => ({
      title: `${path.split("node_modules/").at(-1)} ${version} (npm)`,
      licence: licence ?? "see its text below",
      folder: join(root, path),
    }));
}
