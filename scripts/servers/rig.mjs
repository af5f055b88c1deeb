// A test's servers, files and downloads: everything on loopback in a temporary folder, deleted when the test ends.
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer } from "node:net";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandBinary } from "../lib/paths.mjs";

const millrace = commandBinary();

export class Rig {
  /** `programs`: where the servers are unpacked. */
  constructor(programs) {
    this.programs = programs;
    this.folder = mkdtempSync(join(tmpdir(), "millrace-servers-"));
    // Servers that drop root privileges still read and write here.
    chmodSync(this.folder, 0o777);
    this.www = join(this.folder, "www");
    mkdirSync(this.www);
    this.processes = [];
    this.sums = new Map();
  }

  /** A file of `size` random bytes, or with this content, that the servers serve. */
  file(name, content) {
    const bytes = typeof content === "number" ? randomBytes(content) : Buffer.from(content);
    writeFileSync(join(this.www, name), bytes);
    this.sums.set(name, createHash("sha256").update(bytes).digest("hex"));
    return bytes;
  }

  write(name, text) {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** Free ports; all reserved together, so that they differ. */
  async ports(count) {
    const servers = [];
    for (let i = 0; i < count; i += 1) servers.push(createServer().listen(0, "127.0.0.1"));
    const ports = [];
    for (const server of servers) {
      if (!server.listening) await new Promise((resolve) => server.once("listening", resolve));
      ports.push(server.address().port);
    }
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    return ports;
  }

  /** Starts a server and waits until it accepts connections on all `ports`. */
  async serve(program, args, ports) {
    const libraries = ["usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib"];
    const child = spawn(join(this.programs, "usr/sbin", program), args, {
      cwd: this.folder,
      env: { ...process.env, LD_LIBRARY_PATH: libraries.map((one) => join(this.programs, one)).join(":") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => said.push(text));
    let ended = null;
    child.once("exit", (code, signal) => (ended = `${signal ?? code}`));
    child.once("error", (error) => (ended = error.message));
    this.processes.push(child);
    const begun = Date.now();
    for (const port of ports) {
      while (!(await accepts(port))) {
        if (ended !== null || Date.now() - begun > 30_000)
          throw new Error(`${program} does not listen (${ended ?? "late"}): ${Buffer.concat(said)}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** Starts `millrace get ARGS`, in a new home folder or an earlier one. */
  start(args, { home = mkdtempSync(join(this.folder, "home-")), env = {} } = {}) {
    const downloads = join(home, "downloads");
    mkdirSync(downloads, { recursive: true });
    const child = spawn(
      millrace,
      ["get", "-d", downloads, "--timeout", "10", "--tries", "3", "--retry-wait", "0.5", ...args],
      {
        env: { PATH: process.env.PATH, HOME: home, MILLRACE_HOME: join(home, "state"), ...env },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    this.processes.push(child);
    const said = [];
    child.stderr.on("data", (text) => said.push(text));
    // With `--json`: what has arrived so far.
    const came = { bytes: 0 };
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (args.includes("--json")) came.bytes += JSON.parse(line).data?.chunkLength ?? 0;
    });
    const ended = new Promise((resolve) =>
      child.once("close", (code, signal) =>
        resolve({ code: signal ?? code, said: `${Buffer.concat(said)}` }),
      ),
    );
    return { home, downloads, came, ended, kill: () => child.kill("SIGKILL") };
  }

  async get(args, options) {
    const run = this.start(args, options);
    return { ...run, ...(await run.ended) };
  }

  async stop() {
    await Promise.all(this.processes.map(end));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The SHA-256 of a file, in hexadecimal. */
export async function sum(path) {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest("hex");
}

export const text = (path) => readFileSync(path, "utf8");

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

function end(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return null;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 3_000);
  return gone.finally(() => clearTimeout(late));
}
