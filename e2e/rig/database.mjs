// Reads the application's list from outside, as it is on disk: what it believes to have, before it is started again.
// Knows the one table; writes nothing.
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

/** Every stored download: `{ id, state, name, done }`, `done` a list of half-open byte ranges. */
export async function stored(home) {
  // A copy with its log, so that reading changes nothing of what the next start finds.
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

/** How many bytes half-open ranges hold. */
export const count = (ranges) => ranges.reduce((sum, [from, to]) => sum + to - from, 0);

/**
 * The first request that fetches a byte that is in `done`, in words; null when there is none. Of one without an end what was
 * sent counts, and the server stands still before what is `held` (see `server.mjs`), so give it the same ranges.
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
