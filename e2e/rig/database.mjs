// Reads the application's list from disk, to see what is stored before the next start. Knows the one table; writes
// nothing.
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PYTHON } from "./session-bus.mjs";
import { start } from "./processes.mjs";

const QUERY = `
import json, sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute("select id, state, name, done from downloads order by id")
print(json.dumps([dict(id=i, state=json.loads(s)["is"], name=n,
  done=[[int(x) for x in part.split("-")] for part in d.split()]) for i, s, n, d in rows]))
`;

/** Every stored download: `{ id, state, name, done }`, where `done` is a list of half-open byte ranges. */
export async function stored(home) {
  // A copy including the write-ahead log, so that reading does not change what the next start finds.
  const place = await mkdtemp(join(tmpdir(), "millrace-e2e-store-"));
  try {
    for (const end of ["", "-wal"]) {
      await copyFile(join(home, `list.db${end}`), join(place, `list.db${end}`)).catch((error) => {
        if (end === "" || error.code !== "ENOENT") throw error;
      });
    }
    const reader = start(PYTHON, ["-c", QUERY, join(place, "list.db")]);
    const end = await reader.ended;
    if (end !== "ended with 0") throw new Error(`the list could not be read: ${reader.lines.join("\n")}`);
    return JSON.parse(reader.lines[0]);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** Total length of half-open ranges. */
export const count = (ranges) => ranges.reduce((sum, [from, to]) => sum + to - from, 0);

/**
 * Describes the first request that fetches a byte of `done`; null when there is none. For a request without an end, the
 * bytes sent count, and the server pauses before what is `held` (see `server.mjs`), so pass it the same ranges.
 */
export function refetchedBytes(requests, done) {
  for (const { from, to: last, range, sent } of requests) {
    if (from === null) continue;
    const to = range?.endsWith("-") ? from + Math.max(sent, 1) : last;
    const had = done.find(([start, end]) => from < end && to > start);
    if (had) return `bytes ${from}-${to} were fetched, although ${had[0]}-${had[1]} were stored as done`;
  }
  return null;
}
