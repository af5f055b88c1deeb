// Measures one run of one tool: wall time, processor time, peak memory; and checks every byte.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** GNU time: small enough itself that the peak memory is the tool's. */
const TIME = "/usr/bin/time";

/** Why nothing can be measured on this machine, or null. */
export const unmeasurable = () => (existsSync(TIME) ? null : `${TIME} (GNU time) is missing`);

/**
 * Runs `program` with `args` in an environment of its own. Resolves with { wall, cpu, rss } in seconds, seconds and
 * MiB, or with { error }.
 */
export async function measure(program, args, { root, seconds }) {
  const stat = join(root, "time");
  const home = join(root, "home");
  rmSync(stat, { force: true });
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
  const begun = performance.now();
  const child = spawn(TIME, ["-q", "-o", stat, "-f", "%U %S %M", program, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, HOME: home, MILLRACE_HOME: home },
    detached: true,
  });
  let said = "";
  child.stderr.on("data", (text) => {
    said = (said + text).slice(-300);
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    process.kill(-child.pid, "SIGKILL");
  }, seconds * 1000);
  const code = await new Promise((resolve) => child.once("exit", resolve).once("error", resolve));
  const wall = (performance.now() - begun) / 1000;
  clearTimeout(timer);
  if (late) return { error: `not done after ${seconds} s` };
  if (code !== 0) return { error: `ended with ${code}: ${said.trim()}` };
  const [user, system, kib] = readFileSync(stat, "utf8").trim().split(/\s+/).slice(-3).map(Number);
  return { wall, cpu: user + system, rss: kib / 1024 };
}

/** Creates an empty download folder with the link lists that some tools need. */
export function prepare(root, urls) {
  const dir = join(root, "out");
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir);
  const [list, config] = [join(root, "list.txt"), join(root, "curl.cfg")];
  writeFileSync(list, urls.map((url) => `${url}\n`).join(""));
  writeFileSync(config, urls.map((url) => `url = "${url}"\n`).join(""));
  return { dir, list, config };
}

/** What is wrong with the files in `dir`, or null. `wanted` maps file names to their SHA-256. */
export async function wrong(dir, wanted) {
  for (const [name, sum] of wanted) {
    const path = join(dir, name);
    if (!existsSync(path)) return `${name} is missing`;
    const hash = createHash("sha256");
    for await (const bytes of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(bytes);
    if (hash.digest("hex") !== sum) return `${name} has wrong bytes`;
  }
  return null;
}
