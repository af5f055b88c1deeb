// Serves a file to an emulated phone on this machine and verifies the download.
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";

const LENGTH = 8 << 20;

/** Serves one file with ranges, slowly enough to observe; `arrives` waits until `read` returns its bytes. */
export async function site() {
  const body = randomBytes(LENGTH);
  const server = createServer((request, response) => {
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
    const from = range ? Number(range[1]) : 0;
    const to = range?.[2] ? Number(range[2]) + 1 : LENGTH;
    const head = { "Accept-Ranges": "bytes", "Content-Length": to - from, ETag: '"one"' };
    if (range) head["Content-Range"] = `bytes ${from}-${to - 1}/${LENGTH}`;
    response.writeHead(range ? 206 : 200, head);
    response.end(body.subarray(from, to));
  });
  await new Promise((resolve) => server.listen(0, "0.0.0.0", resolve));
  return {
    port: server.address().port,
    close: () => server.close(),
    /** Throws when the complete, correct file has not arrived within `minutes`. */
    arrives: async (read, minutes = 5) => {
      const last = Date.now() + minutes * 60_000;
      while (Date.now() < last) {
        const got = await read();
        if (got !== null) {
          if (sha(got) !== sha(body)) throw new Error(`another file arrived: ${got.length} bytes`);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 2000));
      }
      throw new Error(`the file is not there after ${minutes} minutes`);
    },
  };
}

const sha = (bytes) => createHash("sha256").update(bytes).digest("hex");
