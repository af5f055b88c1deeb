// A file server on loopback that serves known bytes and misbehaves on request. Does not know the client; records every
// request.
import { createCipheriv, createHash } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const PIECE = 16 * 1024;
/** In ms; more than the second after which a client tries another connection. */
const STAND = 1500;

/**
 * Starts the server. `serve(path, behaviour)` returns the link of a file; `behaviour` may be changed while the server
 * runs: `size` bytes of `seed`ed noise, `rate` in bytes per second for all responses together, `ranges: false`,
 * `status` instead of a file, with `retryAfter` in seconds if given, `dropAfter` bytes of one response (only `drops`
 * times), `delay` in ms before the response, `lengthless: true` for no length, `once: true` for a one-time link, `held`
 * for the half-open ranges that the client has: a response without an end pauses before each of them until the client
 * hangs up, for `STAND` at most; `room` for the number of responses at once: further requests get a 503.
 */
export async function startServer() {
  const files = new Map();
  const requests = [];
  let closed = false;

  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://loopback").pathname;
    const file = files.get(path);
    const record = {
      path,
      method: request.method,
      range: request.headers.range ?? null,
      headers: request.headers,
      from: null,
      to: null,
      sent: 0,
      at: Date.now(),
    };
    requests.push(record);
    try {
      await answer(file, record, response, () => closed);
    } catch {
      response.destroy();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;

  return {
    origin,
    requests,
    of: (path) => requests.filter((one) => one.path === path),
    serve(path, behaviour) {
      const file = {
        size: 0,
        seed: 1,
        rate: null,
        ranges: true,
        status: 200,
        drops: Infinity,
        delay: 0,
        held: [],
        room: Infinity,
        open: 0,
        ...behaviour,
      };
      file.bytes = noise(file.size, file.seed);
      files.set(path, file);
      return Object.assign(file, { path, url: origin + path, sha256: sha256(file.bytes) });
    },
    async stop() {
      closed = true;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(file, record, response, closed) {
  if (file?.once) {
    if (file.used) {
      response.writeHead(410, { "content-length": 0 });
      return response.end();
    }
    file.used = true;
  }
  if (!file || file.status !== 200) {
    const wait = file?.retryAfter === undefined ? {} : { "retry-after": String(file.retryAfter) };
    response.writeHead(file?.status ?? 404, { "content-length": 0, ...wait });
    return response.end();
  }
  if (file.open >= file.room) {
    response.writeHead(503, { "content-length": 0 });
    return response.end();
  }
  file.open += 1;
  response.once("close", () => (file.open -= 1));
  if (file.delay) await sleep(file.delay);
  const asked = file.ranges ? /^bytes=(\d+)-(\d*)$/.exec(record.range ?? "") : null;
  record.from = asked ? Number(asked[1]) : 0;
  record.to = asked && asked[2] !== "" ? Math.min(Number(asked[2]) + 1, file.size) : file.size;
  if (record.from >= file.size && asked) {
    response.writeHead(416, { "content-range": `bytes */${file.size}`, "content-length": 0 });
    return response.end();
  }
  const headers = { "content-type": "application/octet-stream", etag: `"${file.sha256.slice(0, 16)}"` };
  if (!file.lengthless) headers["content-length"] = record.to - record.from;
  if (file.ranges) headers["accept-ranges"] = "bytes";
  if (asked) headers["content-range"] = `bytes ${record.from}-${record.to - 1}/${file.size}`;
  response.writeHead(asked ? 206 : 200, headers);
  if (record.method === "HEAD") return response.end();
  await body(file, record, response, closed);
}

/** Sends chunk by chunk, no faster than `rate`, and breaks off where requested. */
async function body(file, record, response, closed) {
  for (let at = record.from; at < record.to && !closed() && !response.destroyed;) {
    if (file.dropAfter !== undefined && file.drops > 0 && record.sent >= file.dropAfter) {
      file.drops -= 1;
      response.destroy();
      return;
    }
    // Small chunks at low rates, so that a slow file is steady and not bursty.
    const piece = file.rate ? Math.max(512, Math.min(PIECE, Math.floor(file.rate / 20))) : PIECE * 16;
    const from = at;
    const next = Math.min(...file.held.map(([start]) => start).filter((start) => start > from));
    const end = Math.min(from + piece, record.to, next);
    if (!record.range || record.range.endsWith("-")) {
      if (file.held.some(([start]) => start === from) && (await closedWithin(response, STAND))) return;
    }
    if (!response.write(file.bytes.subarray(from, end))) await drained(response);
    record.sent += end - from;
    at = end;
    if (file.rate) {
      file.due = Math.max(file.due ?? 0, Date.now()) + ((end - from) / file.rate) * 1000;
      await sleep(file.due - Date.now());
    }
  }
  response.end();
}

/** Whether the client hangs up within this many ms. */
function closedWithin(response, ms) {
  if (response.destroyed) return true;
  return new Promise((resolve) => {
    const closed = () => {
      clearTimeout(late);
      resolve(true);
    };
    const late = setTimeout(() => {
      response.off("close", closed);
      resolve(false);
    }, ms);
    response.once("close", closed);
  });
}

function drained(response) {
  return new Promise((resolve) => {
    const go = () => {
      response.off("drain", go);
      response.off("close", go);
      resolve();
    };
    response.on("drain", go);
    response.on("close", go);
  });
}

/** `size` bytes of pseudo-random data, determined by the seed: the key stream of a cipher. */
function noise(size, seed) {
  const key = createHash("sha256").update(`millrace ${seed}`).digest().subarray(0, 16);
  return createCipheriv("aes-128-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(size));
}

export function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}
