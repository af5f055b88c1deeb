// A core made of a map, for tests and for looking at the window without the app: it keeps the rules of the
// wire (one unacknowledged frame, revisions, sessions) and lets a test lose, double and reorder messages.
// Knows no screen. Never part of the build.
import { mockIPC } from "@tauri-apps/api/mocks";
import type { Allows, DownloadEvent, Frame, LogBatch, Page, Phase, Row, Totals } from "../lib/api.ts";
import { filterOf } from "../lib/shown.svelte.ts";

type ChannelArgument = { id: number };
type Args = Record<string, unknown>;
type Message = { index: number; message: unknown };

/** The half of Tauri's own page script that mockIPC stands in for. */
type Internals = { runCallback(id: number, data: unknown): void; callbacks: ReadonlyMap<number, unknown> };
export const internals = (): Internals => window.__TAURI_INTERNALS__ as unknown as Internals;

export function allowsOf(phase: Phase): Allows {
  const busy = phase === "queued" || phase === "probing" || phase === "running" || phase === "waiting";
  return {
    pause: busy,
    resume: phase === "paused",
    retry: phase === "failed" || phase === "waiting",
    open: phase === "done",
  };
}

export function makeRow(id: number, over: Partial<Row> = {}): Row {
  const phase = over.phase ?? "running";
  return {
    id,
    rev: 1,
    url: `https://files.example.org/${id}.zip`,
    host: "files.example.org",
    name: `${id}.zip`,
    folder: "~/Downloads",
    phase,
    problem: null,
    fix: null,
    waitUntil: null,
    attempts: 0,
    received: 0,
    total: 1_000_000,
    speed: 0,
    eta: null,
    connections: phase === "running" ? 1 : 0,
    resumable: true,
    addedAt: 1_790_000_000_000 + id,
    finishedAt: null,
    verdict: null,
    allows: allowsOf(phase),
    category: "archive",
    priority: "normal",
    limit: null,
    maxConnections: null,
    place: null,
    startAt: null,
    waitsFor: null,
    ...over,
  };
}

export class FakeCore {
  rows = new Map<number, Row>();
  /** What was asked, in order. */
  calls: { cmd: string; args: Args }[] = [];
  /** What becomes of a message on its way; the default delivers it. */
  wire: (channel: number, message: Message) => void = (channel, message) => this.deliver(channel, message);
  /** Answers of its own for some commands, before anything else. */
  answers = new Map<string, (args: Args) => unknown>();
  session: { id: string; channel: number; acked: boolean; seq: number } | undefined;
  watches = new Map<number, { event: number; log: number }>();
  #dirty = new Set<number>();
  #removed = new Set<number>();
  #indexes = new Map<number, number>();

  constructor(rows: readonly Row[] = []) {
    for (const row of rows) this.rows.set(row.id, row);
    mockIPC((cmd, args) => this.#answer(cmd, (args ?? {}) as Args));
  }

  deliver(channel: number, message: Message): void {
    if (internals().callbacks.has(channel)) internals().runCallback(channel, message);
  }

  send(channel: number, message: unknown): void {
    const index = this.#indexes.get(channel) ?? 0;
    this.#indexes.set(channel, index + 1);
    this.wire(channel, { index, message });
  }

  put(row: Row): void {
    const rev = (this.rows.get(row.id)?.rev ?? 0) + 1;
    this.rows.set(row.id, { ...row, rev, allows: allowsOf(row.phase) });
    this.#dirty.add(row.id);
  }

  change(id: number, over: Partial<Row>): void {
    const row = this.rows.get(id);
    if (row !== undefined) this.put({ ...row, ...over });
  }

  drop(id: number): void {
    this.rows.delete(id);
    this.#dirty.delete(id);
    this.#removed.add(id);
  }

  sorted(): Row[] {
    return [...this.rows.values()].sort((a, b) => b.id - a.id);
  }

  totals(): Totals {
    const totals: Totals = { speed: 0, all: 0, active: 0, queued: 0, paused: 0, failed: 0, done: 0 };
    for (const row of this.rows.values()) {
      totals.all += 1;
      totals.speed += row.speed;
      totals[filterOf[row.phase]] += 1;
    }
    return totals;
  }

  /** One tick of the hub: a frame of at most `most` rows, if the last one was acknowledged. */
  tick(most = 50, resync = false): boolean {
    const session = this.session;
    if (session?.acked !== true) return false;
    const ids = [...this.#dirty].slice(0, most);
    for (const id of ids) this.#dirty.delete(id);
    const rows = ids.flatMap((id) => this.rows.get(id) ?? []);
    const removed = [...this.#removed];
    this.#removed.clear();
    session.acked = false;
    session.seq += 1;
    const frame: Frame = {
      seq: session.seq,
      rows,
      removed,
      totals: this.totals(),
      resync,
      settings: null,
      open: null,
    };
    this.send(session.channel, frame);
    return true;
  }

  event(id: number, event: DownloadEvent): void {
    const watch = this.watches.get(id);
    if (watch !== undefined) this.send(watch.event, event);
  }

  log(id: number, batch: LogBatch): void {
    const watch = this.watches.get(id);
    if (watch !== undefined) this.send(watch.log, batch);
  }

  #page(first: number, count: number): Page {
    const all = this.sorted();
    return { first, rows: all.slice(first, first + count), length: all.length, totals: this.totals() };
  }

  #watch(id: number, args: Args): void {
    this.watches.set(id, {
      event: (args["onEvent"] as ChannelArgument).id,
      log: (args["onLog"] as ChannelArgument).id,
    });
  }

  async #answer(cmd: string, args: Args): Promise<unknown> {
    this.calls.push({ cmd, args });
    // Answers of a real core never come in the same turn.
    await Promise.resolve();
    const own = this.answers.get(cmd);
    if (own !== undefined) return own(args);
    const id = Number(args["id"]);
    switch (cmd) {
      case "attach":
        this.session = {
          id: args["session"] as string,
          channel: (args["onFrame"] as ChannelArgument).id,
          acked: false,
          seq: 0,
        };
        this.#dirty.clear();
        this.#removed.clear();
        return this.#page(0, 200);
      case "page":
        this.#own(args);
        return this.#page(Number(args["first"]), Number(args["count"]));
      case "ack": {
        const session = this.#own(args);
        if (args["seq"] === session.seq) session.acked = true;
        return null;
      }
      case "view":
        this.#own(args);
        return null;
      case "detach":
        if (this.session?.id === args["session"]) this.session = undefined;
        return null;
      case "download": {
        const next = Math.max(0, ...this.rows.keys()) + 1;
        const url = args["url"] as string;
        this.#watch(next, args);
        this.put(
          makeRow(next, { url, name: url.split("/").at(-1) ?? "file", phase: "probing", total: null }),
        );
        return next;
      }
      case "watch":
        this.#watch(id, args);
        return null;
      case "unwatch":
        this.watches.delete(id);
        return null;
      case "pause":
        this.change(id, { phase: "paused", speed: 0, eta: null, connections: 0 });
        return null;
      case "resume":
      case "retry":
        this.change(id, { phase: "running", problem: null, fix: null, waitUntil: null, connections: 1 });
        return null;
      case "remove":
        this.drop(id);
        return null;
      case "default_folder":
        return { id: "default", label: "~/Downloads" };
      default:
        return null;
    }
  }

  #own(args: Args): NonNullable<FakeCore["session"]> {
    if (this.session === undefined || this.session.id !== args["session"]) {
      // Commands are refused with a value of the wire, not with an Error.
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw { code: "stale-session", problem: null, message: "this session is closed" };
    }
    return this.session;
  }
}
