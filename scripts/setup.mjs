// Prepares a machine: system packages, Rust, Node and the packages of package-lock.json. Prints what it does, and does
// nothing when nothing is missing. Plain Node, because it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { building, testing } from "./lib/packages.mjs";
import { root } from "./lib/paths.mjs";
import { onPath, output, run } from "./lib/run.mjs";

const RUST = [1, 90];
const NODE = [20, 19];

/** `tests: true` also installs what only the tests need. Throws with a sentence to show. */
export async function setup({ tests = false } = {}) {
  node();
  await system(tests ? [...building, ...testing] : building);
  await rust(tests ? ["rustfmt", "clippy"] : []);
  await packages();
}

function node() {
  if (older(process.versions.node, NODE)) {
    throw new Error(
      `node ${process.versions.node} is too old; install ${NODE.join(".")} or newer from https://nodejs.org`,
    );
  }
}

/** Installs the missing ones of these Debian packages. Throws with a sentence to show. */
export async function system(wanted) {
  if (process.platform === "win32") return; // WebView2 comes with Windows; the build tools are checked by rustc itself.
  if (process.platform === "darwin") {
    if (output("xcode-select", ["-p"]) === null)
      throw new Error("run 'xcode-select --install' first, then start again");
    return;
  }
  if (!onPath("dpkg-query")) {
    const missing = ["webkit2gtk-4.1", "librsvg-2.0"].filter(
      (name) => output("pkg-config", ["--exists", name]) === null,
    );
    if (missing.length === 0) return;
    throw new Error(
      `this system is not Debian or Ubuntu, so nothing was installed. Missing: ${missing.join(", ")}. Install the development ` +
        "packages named at https://v2.tauri.app/start/prerequisites/ and start again",
    );
  }
  const missing = absent(wanted);
  if (missing.length === 0) return;
  const root = process.getuid() === 0;
  if (!root && !onPath("sudo")) throw new Error(`as root, run: apt-get install ${missing.join(" ")}`);
  console.log(`Installing system packages: ${missing.join(" ")}`);
  const apt = (...args) => {
    // One at a time: steps that run beside each other install, too.
    const lock = ["flock", join(tmpdir(), "millrace-apt.lock")];
    const call = [...lock, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
    return root ? run(call[0], call.slice(1)) : run("sudo", call);
  };
  // A stale package list is the most common reason for a failed installation; even after a failed update the
  // installation may succeed.
  const stale = await apt("update", "-q");
  const failed = await apt("install", "-y", "-q", "--no-install-recommends", ...missing);
  const left = absent(missing);
  if (left.length > 0)
    throw new Error(`apt-get did not install ${left.join(" ")} (${failed ?? stale ?? "see above"})`);
}

function absent(wanted) {
  // dpkg-query prints the packages that it knows, and exits with 1 when it does not know one.
  const query = spawnSync("dpkg-query", ["-W", "-f=${Package} ${db:Status-Status}\n", ...wanted], {
    encoding: "utf8",
  });
  const installed = new Set();
  for (const line of query.stdout.split("\n")) {
    const [name, status] = line.split(" ");
    if (status === "installed") installed.add(name);
  }
  return wanted.filter((name) => !installed.has(name));
}

async function rust(components) {
  const version = output("rustc", ["--version"])?.split(" ")[1];
  if (version === undefined || !onPath(process.platform === "win32" ? "cargo.exe" : "cargo")) {
    throw new Error("Rust is missing; install it from https://rustup.rs and start again");
  }
  if (older(version, RUST))
    throw new Error(`Rust ${version} is too old; 'rustup update' brings ${RUST.join(".")} or newer`);
  const missing = components.filter(
    (name) => output("cargo", [name === "rustfmt" ? "fmt" : name, "--version"]) === null,
  );
  if (missing.length === 0) return;
  console.log(`Adding to Rust: ${missing.join(" ")}`);
  const failed = await run("rustup", ["component", "add", ...missing], { minutes: 10 });
  if (failed)
    throw new Error(`Rust lacks ${missing.join(" and ")}, and rustup could not add them: ${failed}`);
}

async function packages() {
  const lock = join(root, "package-lock.json");
  const installed = join(root, "node_modules", ".package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log("Installing the packages of package-lock.json");
  const failed = await run("npm", ["ci", "--no-audit", "--no-fund"], { minutes: 15 });
  if (failed) throw new Error(`npm ci ${failed}`);
}

function older(version, [major, minor]) {
  const [x, y] = version.split(".").map(Number);
  return x < major || (x === major && y < minor);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await setup({ tests: process.argv.includes("--tests") });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
