// Servers as Debian and Ubuntu build them: fetched and unpacked into a folder of the project, never installed, so that
// the system starts none of them. Knows no test.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { target } from "../lib/paths.mjs";
import { run } from "../lib/run.mjs";

const wanted = ["apache2-bin", "nginx", "haproxy", "lighttpd", "squid"];

/**
 * The folder in which they are unpacked, with `usr/sbin` in it; libraries that the system lacks are there too. Throws
 * with a sentence to show when they cannot be fetched.
 */
export async function programs() {
  // The package lists are empty on a fresh machine, and name packages that are no longer served on an old one.
  return (await unpacked()) ?? (await update(), await unpacked()) ?? cannot();
}

function cannot() {
  throw new Error(`apt-get could not fetch ${wanted.join(", ")}`);
}

function update() {
  const call = process.getuid() === 0 ? ["apt-get"] : ["sudo", "apt-get"];
  return run(call[0], [...call.slice(1), "update", "-q"], { minutes: 5 });
}

/** Null when the packages are unknown or unavailable. */
async function unpacked() {
  const packages = missing();
  if (packages === null) return null;
  const key = createHash("sha256").update(packages.join("\n")).digest("hex").slice(0, 16);
  const folder = join(target, "servers", key);
  if (existsSync(folder)) return folder;
  const fresh = `${folder}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(join(fresh, "packages"), { recursive: true });
  const call = ["download", "-q", ...packages.map((one) => one.split(" ")[0])];
  if (await run("apt-get", call, { cwd: join(fresh, "packages"), minutes: 10 })) return null;
  for (const file of readdirSync(join(fresh, "packages")))
    execFileSync("dpkg-deb", ["-x", join(fresh, "packages", file), fresh]);
  rmSync(join(fresh, "packages"), { recursive: true });
  renameSync(fresh, folder);
  return folder;
}

/** What an installation would add, as `name version`, with dependencies; null when a name is unknown. */
function missing() {
  try {
    const call = ["install", "--simulate", "--reinstall", "--no-install-recommends", ...wanted];
    const said = execFileSync("apt-get", call, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    // Installed packages are left alone, even in an older version.
    return [...said.matchAll(/^Inst (\S+) (\[\S+\] )?\((\S+)/gm)]
      .filter(([, name, installed]) => installed === undefined || wanted.includes(name))
      .map(([, name, , version]) => `${name} ${version}`)
      .sort();
  } catch {
    return null;
  }
}
