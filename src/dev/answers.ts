// Responses of the fake core beyond its rows, so that every part of the window has something to show.
import type { Fault, ImportReport } from "../lib/api.ts";
import type { FakeCore } from "../test/core.ts";
import { answerVerifications } from "../test/verifications.ts";
import { makeActive } from "../test/values.ts";

export function answerMore(core: FakeCore): void {
  answerVerifications(core);
  /** Segments of a file that several connections fetch. */
  core.answers.set("segments", (args) => {
    const row = core.rows.get(Number(args["id"]));
    if (row?.total == null)
      return { total: null, done: [], active: [], hostAllows: null, hostAllowsUntil: null };
    const { total, received, connections, limitedBy } = row;
    const hostAllows = limitedBy?.by === "server-connections" ? limitedBy.allows : null;
    const hostAllowsUntil = hostAllows === null ? null : Date.now() + 2_400_000;
    const width = total / Math.max(1, connections);
    const active = Array.from({ length: connections }, (_, at) => {
      const from = at * width;
      const share = Math.min(1, (received / total) * (0.7 + 0.6 * ((at * 7) % 5) * 0.2));
      const speed = (row.speed / connections) * (0.6 + 0.2 * ((at * 3) % 5));
      const http = connections > 4 ? "HTTP/1.1" : "HTTP/2";
      const state = at === 3 ? "idle" : "receiving";
      return makeActive(from, from + width * share, from + width, { speed, state, http });
    });
    return { total, done: connections === 0 ? [[0, received]] : [], active, hostAllows, hostAllowsUntil };
  });

  /** Two stretches with a pause between them. */
  core.answers.set("speed_history", (args) => {
    const row = core.rows.get(Number(args["id"]));
    if (row === undefined || row.received === 0) return { every: 1, runs: [], marks: [] };
    const mean = row.speed > 0 ? row.speed : 4_200_000;
    const course = (count: number): number[] =>
      Array.from(
        { length: count },
        (_, at) => mean * (0.75 + 0.2 * Math.sin(at / 6) + 0.05 * ((at * 7) % 5)),
      );
    const now = Date.now();
    const paused = now - 1_500_000;
    return {
      every: 1,
      runs: [
        { from: paused - 70_000, to: paused, speeds: course(70), last: 1 },
        { from: now - 110_000, to: now, speeds: course(110), last: 1 },
      ],
      marks: [
        { at: paused, what: "paused" },
        { at: now - 110_000, what: "resumed" },
        { at: now - 40_000, what: "interrupted" },
      ],
    };
  });

  /** A picture for every finished image, and a text for everything else that has a preview. */
  core.answers.set("thumbnail", (args) => {
    const hue = (Number(args["id"]) * 67) % 360;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><rect width="96" height="96" fill="hsl(${hue} 45% 60%)"/><circle cx="66" cy="30" r="14" fill="hsl(48 90% 80%)"/><path d="M0 96 40 44l26 32 12-14 18 34z" fill="hsl(${hue} 40% 30%)"/></svg>`;
    return `data:image/svg+xml,${encodeURIComponent(svg)}`;
  });
  core.answers.set("preview", (args) => {
    const row = core.rows.get(Number(args["id"]));
    const text = row === undefined ? null : `${row.name}\n\nThe first lines of the file.\n`;
    return { kind: "text", url: null, text, cut: true };
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

  const day = 86_400_000;
  const now = Date.now();
  core.answers.set("traffic", () => ({
    hours: Array.from({ length: 30 }, (_, at) => [
      Math.floor(now / 3_600_000) - (29 - at) * 24,
      ((at * 7) % 11) * 310_000_000,
    ]),
    hosts: [
      ["cdimage.debian.org", 21_400_000_000],
      ["downloads.example.org", 9_300_000_000],
      ["media.example.org", 1_250_000_000],
    ],
  }));
  const past = ["debian-13.2.0-amd64-netinst.iso", "lecture-07-hydraulics.mp4", "field-notes-2026.pdf"];
  core.answers.set("history", (args) => {
    const items = past.map((name, at) => ({
      id: at + 1,
      url: `https://downloads.example.org/${name}`,
      name,
      folder: "~/Downloads",
      host: "downloads.example.org",
      total: 640_000_000,
      received: 640_000_000 / (at + 1),
      finishedAt: at === 2 ? null : now - at * 3 * day - 7_200_000,
      removedAt: at === 0 ? null : now - at * 2 * day,
    }));
    return { items: items.filter((item) => item.name.includes(String(args["search"]))), more: false };
  });
  core.answers.set("app_log", (args) => {
    const lines = [
      { level: "info", text: "started 0.1.0" },
      { level: "warn", text: "at the start: the tray does not answer" },
      { level: "error", text: "pause failed: download 7 does not take this command in its present state" },
    ].map((line, at) => ({ ...line, at: now - 60_000 + at * 9_000, source: "millrace_backend::app" }));
    return lines.slice(Math.max(0, ["debug", "info", "warn", "error"].indexOf(String(args["least"])) - 1));
  });

  /** One link a line is understood; what else there is, is a fault. */
  const read = (args: Record<string, unknown>): { urls: string[]; report: ImportReport } => {
    const lines = String(args["text"]).split("\n");
    const urls = lines.filter((line) => line.startsWith("http"));
    const faults = lines.flatMap((text, at): Fault[] =>
      text === "" || text.startsWith("http") ? [] : [{ place: at + 1, reason: "entry", text }],
    );
    const none = { known: 0, finished: 0, otherFolder: 0, moreFaults: 0 };
    return { urls, report: { format: "links", added: urls.length, ...none, faults } };
  };
  core.answers.set("read_list", (args) => read(args).report);
  core.answers.set("import_list", (args) => {
    const { urls, report } = read(args);
    for (const url of urls) core.add(url);
    return report;
  });
}
