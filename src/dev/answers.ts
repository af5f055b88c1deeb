// Responses of the fake core beyond its rows, so that every part of the window has something to show.
import type { FakeCore } from "../test/core.ts";

export function answerMore(core: FakeCore): void {
  /** Segments of a file that several connections fetch. */
  core.answers.set("segments", (args) => {
    const row = core.rows.get(Number(args["id"]));
    if (row?.total == null) return { total: null, done: [], active: [] };
    const { total, received, connections } = row;
    const width = total / Math.max(1, connections);
    const active = Array.from({ length: connections }, (_, at) => {
      const from = at * width;
      const share = Math.min(1, (received / total) * (0.7 + 0.6 * ((at * 7) % 5) * 0.2));
      return { from, at: from + width * share, to: from + width };
    });
    return { total, done: connections === 0 ? [[0, received]] : [], active };
  });

  core.answers.set("watch", (args) => {
    const id = Number(args["id"]);
    const row = core.rows.get(id);
    if (row === undefined) return null;
    core.watches.set(id, {
      event: (args["onEvent"] as { id: number }).id,
      log: (args["onLog"] as { id: number }).id,
    });
    core.event(id, {
      event: "started",
      data: {
        url: row.url,
        downloadId: id,
        contentLength: row.total,
        received: row.received,
        name: row.name,
      },
    });
    const at = Date.now() - 42_000;
    core.log(id, {
      dropped: 3,
      lines: [
        { at, level: "info", text: `resolved ${row.host}: 203.0.113.7` },
        { at: at + 80, level: "info", text: `connected to ${row.host} with TLS 1.3` },
        { at: at + 260, level: "info", text: "206, bytes 41943040-2147483647/2147483648, strong etag" },
        { at: at + 21_000, level: "warn", text: "connection lost; going on from 412.3 MB in 2 s" },
        { at: at + 23_100, level: "info", text: "connected again, 206 matches the plan" },
      ],
    });
    return null;
  });
}
