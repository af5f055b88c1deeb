// Servers and files of the benchmark: nginx on loopback with random files in memory, plain, over TLS, and with a
// connection limit per client, and slow networks in front of it. Knows no download tool.
import { spawn, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MIB = 1 << 20;

/** Sizes of a full run and of a quick one. Bytes; `count` is a number of files. */
export const sizes = {
  full: {
    big: 2048 * MIB,
    limited: 64 * MIB,
    far: 32 * MIB,
    uneven: 64 * MIB,
    few: 64 * MIB,
    small: 65_536,
    count: 2000,
    tiny: 16_384,
    tinyCount: 1000,
  },
  quick: {
    big: 64 * MIB,
    limited: 8 * MIB,
    far: 4 * MIB,
    uneven: 8 * MIB,
    few: 8 * MIB,
    small: 65_536,
    count: 100,
    tiny: 16_384,
    tinyCount: 200,
  },
};

/** Creates the files and starts the servers. `stop` ends them and deletes everything. */
export async function openSite(size) {
  // In memory, so that no disk is measured.
  const root = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "millrace-bench-"));
  const children = [];
  const stop = async () => {
    for (const child of children) child.kill("SIGTERM");
    await Promise.all(children.map(ended));
    rmSync(root, { recursive: true, force: true });
  };
  try {
    const sums = makeFiles(root, size);
    certificate(root);
    const [plain, tls, few] = [await freePort(), await freePort(), await freePort()];
    writeFileSync(join(root, "nginx.conf"), configuration(root, { plain, tls, few }));
    children.push(start("nginx", ["-c", join(root, "nginx.conf"), "-p", root], root));
    await listening(plain);
    const far = await proxy(children, root, plain, 100, 2 * MIB, "even");
    const uneven = await proxy(children, root, plain, 40, 4 * MIB, "uneven");
    const farTls = await proxy(children, root, tls, 40, 50 * MIB, "even");
    const ports = { plain, tls, few, far, uneven, farTls };
    /** Serves the file `name` at this rate in total, however many connections there are; resolves with the port. */
    const paced = (name, bytesPerSecond) =>
      helper(children, root, "pacedserver.mjs", join(root, "www", name), bytesPerSecond);
    return { root, sums, ports, paced, ca: join(root, "cert.pem"), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Creates random files below `www`; returns their SHA-256 by name. */
function makeFiles(root, size) {
  const sums = new Map();
  const make = (name, length) => {
    const path = join(root, "www", name);
    mkdirSync(dirname(path), { recursive: true });
    const hash = createHash("sha256");
    const file = openSync(path, "w");
    for (let left = length; left > 0;) {
      const bytes = randomBytes(Math.min(left, 8 * MIB));
      writeSync(file, bytes);
      hash.update(bytes);
      left -= bytes.length;
    }
    closeSync(file);
    sums.set(name, hash.digest("hex"));
  };
  for (const name of ["big", "limited", "far", "uneven", "few"]) make(`${name}.bin`, size[name]);
  for (let n = 0; n < size.count; n += 1) make(`small/${n}.bin`, size.small);
  for (let n = 0; n < size.tinyCount; n += 1) make(`tiny/${n}.bin`, size.tiny);
  return sums;
}

function certificate(root) {
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const files = ["-keyout", join(root, "key.pem"), "-out", join(root, "cert.pem")];
  const made = spawnSync("openssl", [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "2",
    ...files,
    ...names,
  ]);
  if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr ?? made.error}`);
}

function configuration(root, { plain, tls, few }) {
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `daemon off; master_process off; worker_processes 1; pid ${root}/nginx.pid; error_log ${root}/error.log;
events { worker_connections 4096; }
http {
  sendfile on; tcp_nopush on; access_log off; keepalive_requests 1000000; default_type application/octet-stream;
  ${places.map((name) => `${name}_temp_path ${root}/${name};`).join(" ")}
  limit_conn_zone $binary_remote_addr zone=client:1m; limit_conn_status 503;
  server { listen 127.0.0.1:${few}; root ${root}/www; limit_conn client 4; limit_rate 8m; }
  server { listen 127.0.0.1:${plain}; root ${root}/www; location /slow/ { alias ${root}/www/; limit_rate 4m; } }
  server {
    listen 127.0.0.1:${tls} ssl http2; root ${root}/www;
    ssl_certificate ${root}/cert.pem; ssl_certificate_key ${root}/key.pem;
  }
}
`;
}

function start(command, args, cwd) {
  return spawn(command, args, { cwd, stdio: ["pipe", "pipe", "ignore"] });
}

const proxy = (children, root, ...how) => helper(children, root, "slowproxy.mjs", ...how);

/** Starts a script of this folder, which prints its port; resolves with that. */
async function helper(children, root, name, ...args) {
  const script = join(dirname(fileURLToPath(import.meta.url)), name);
  const child = start(process.execPath, [script, ...args.map(String)], root);
  children.push(child);
  return new Promise((resolve, reject) => {
    child.stdout.once("data", (line) => resolve(Number(line)));
    child.once("exit", () => reject(new Error(`${name} did not start`)));
  });
}

function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return undefined;
  return new Promise((resolve) => child.once("exit", resolve));
}

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function listening(port) {
  for (let tries = 0; tries < 100; tries += 1) {
    const heard = await new Promise((resolve) => {
      const socket = net.connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (heard) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("nginx does not answer");
}
