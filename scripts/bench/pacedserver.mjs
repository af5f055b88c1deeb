// An HTTP server on 127.0.0.1 with one file, whose connections share one rate in total: a network whose speed does not
// depend on the number of connections. Runs as a process of its own: `pacedserver.mjs FILE BYTES_PER_S`; prints its port.
import { open, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

const [path, rate] = [process.argv[2], Number(process.argv[3])];
/** Bytes that are sent at a time. */
const PIECE = 256 << 10;
/** What a late timer may catch up, and how far the network may be ahead of the clock before it waits; in ms. */
const SLACK = 50;
const AHEAD = 2;

const file = await open(path);
const { size, mtime } = await stat(path);
const etag = `"${size.toString(16)}-${mtime.getTime().toString(16)}"`;

/** When all bytes that were let through will have been sent; in ms. */
let freeAt = 0;

/** Waits until the network is free, and takes it for `bytes`. */
async function turn(bytes) {
  const now = performance.now();
  freeAt = Math.max(freeAt, now - SLACK) + (bytes * 1000) / rate;
  if (freeAt - now > AHEAD) await sleep(freeAt - now);
}

/** First and last byte asked for, or null for the whole file. */
function range({ range: asked = "", "if-range": condition = etag }) {
  const found = /^bytes=(\d+)-(\d*)$/.exec(asked);
  if (found === null || condition !== etag || Number(found[1]) >= size) return null;
  return [Number(found[1]), found[2] === "" ? size - 1 : Math.min(Number(found[2]), size - 1)];
}

/** The file's bytes from `from` to `to`, each piece in its turn. */
async function* pieces(from, to) {
  for (let at = from; at <= to; at += PIECE) {
    const length = Math.min(PIECE, to + 1 - at);
    await turn(length);
    const { buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, at);
    yield buffer;
  }
}

const server = createServer((request, response) => {
  const asked = range(request.headers);
  const [from, to] = asked ?? [0, size - 1];
  const headers = { etag, "last-modified": mtime.toUTCString(), "accept-ranges": "bytes" };
  if (asked) headers["content-range"] = `bytes ${from}-${to}/${size}`;
  response.writeHead(asked ? 206 : 200, { ...headers, "content-length": to + 1 - from });
  // A client that has enough breaks it off.
  if (request.method === "HEAD") response.end();
  else pipeline(pieces(from, to), response).catch(() => undefined);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
// Ends with the benchmark.
process.stdin.on("end", () => process.exit()).resume();
