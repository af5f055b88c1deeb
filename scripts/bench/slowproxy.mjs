// A TCP proxy on 127.0.0.1 that simulates a network: round-trip time, and a rate per connection. Runs as a process of
// its own: `slowproxy.mjs TARGET_PORT RTT_MS BYTES_PER_S even|uneven`; prints the port it listens on.
//
// With `uneven` the k-th connection gets the rate divided by 1, 2, 4 or 8. Knows nothing of HTTP.
import net from "node:net";

const [target, rtt, rate, kind] = process.argv.slice(2);
const half = Number(rtt) / 2;
let count = 0;

/** Forwards bytes after half a round trip, at `speed` bytes per second; 0 is unlimited. */
function pump(from, to, speed) {
  const queue = [];
  // Limit of bytes in flight: delay times rate, plus a buffer.
  const most = speed ? (speed * Math.max(half, 10) * 2) / 1000 + 262_144 : 4 << 20;
  let held = 0;
  let freeAt = 0;
  let timer = null;
  let ended = false;
  const next = () => {
    timer = null;
    while (queue.length > 0) {
      const { due, data } = queue[0];
      const begin = Math.max(due, freeAt);
      const at = speed ? begin + (data.length * 1000) / speed : begin;
      const wait = at - performance.now();
      if (wait > 0.5) {
        timer = setTimeout(next, wait);
        return;
      }
      freeAt = speed ? at : freeAt;
      queue.shift();
      held -= data.length;
      if (!to.destroyed) to.write(data);
      if (held < most && from.isPaused()) from.resume();
    }
    if (ended) to.end();
  };
  from.on("data", (bytes) => {
    // Small chunks keep a slow connection even.
    for (let at = 0; at < bytes.length; at += 16_384) {
      queue.push({ due: performance.now() + half, data: bytes.subarray(at, at + 16_384) });
    }
    held += bytes.length;
    if (held >= most) from.pause();
    timer ??= setTimeout(next, 0);
  });
  from.on("end", () => {
    ended = true;
    timer ??= setTimeout(next, half);
  });
  from.on("error", () => to.destroy());
  from.on("close", () => {
    if (!ended) to.destroy();
  });
}

const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const share = kind === "uneven" ? [1, 2, 4, 8][count % 4] : 1;
  count += 1;
  client.pause();
  client.on("error", () => client.destroy());
  // Round trip of the handshake.
  setTimeout(() => {
    const origin = net.connect({
      port: Number(target),
      host: "127.0.0.1",
      allowHalfOpen: true,
      noDelay: true,
    });
    pump(client, origin, 0);
    pump(origin, client, Number(rate) / share);
    client.resume();
  }, half * 2);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
// Ends together with its parent.
process.stdin.on("end", () => process.exit(0)).resume();
