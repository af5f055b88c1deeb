// A fake core on top of a map, for tests and for viewing the window without the app. Follows the rules of the channels
// (one unacknowledged frame, revisions, sessions) and lets a test drop, duplicate and reorder messages. Knows no view.
// Never part of the build.
import { mockIPC } from "@tauri-apps/api/mocks";
import type {
  NotificationPermission,
  DownloadEvent,
  Folder,
  Frame,
  LogBatch,
  Page,
  QueueMove,
  OptionChange,
  PlatformInfo,
  Properties,
  Row,
  Rule,
  Offered,
  Segments,
  Settings,
  SpeedHistory,
  Totals,
} from "../lib/api.ts";
import { changed, queueAfter, segmentsOf, totalsOf, usualAnswers } from "./core-answers.ts";
import { allowsOf, groupOf, makeLook, makeProperties, makeRow, makeSettings } from "./values.ts";

type ChannelArgument = { id: number };
type Args = Record<string, unknown>;
/** State of the phone; not requested on a desktop. */
type Phone = { consent: NotificationPermission; ended: boolean };
type Message = { index: number; message: unknown };

/** Extra data of a frame besides the rows. */
type Told = { settings: Settings | null; open: number | null; add: Offered[] | null };

/** The half of Tauri's page script that mockIPC replaces. */
type Internals = { runCallback(id: number, data: unknown): void; callbacks: ReadonlyMap<number, unknown> };
export const internals = (): Internals => window.__TAURI_INTERNALS__ as unknown as Internals;

export class FakeCore {
  rows = new Map<number, Row>();
  settings = makeSettings();
  recent: Folder[] = [];
  platform: PlatformInfo = {
    os: "linux",
    mobile: false,
    tray: true,
    autostart: true,
    trash: true,
    chooseFolder: true,
    chooseFile: true,
    openWith: true,
    metered: false,
    battery: false,
    version: "1.2.3",
  };
  phone: Phone = { consent: "given", ended: false };
  /** All requests, in order. */
  calls: { cmd: string; args: Args }[] = [];
  /** Transports a message; the default delivers it. */
  wire: (channel: number, message: Message) => void = (channel, message) => this.deliver(channel, message);
  /** Full links of rows that carry only the beginning of theirs. */
  links = new Map<number, string>();
  /** Responses set by a test for some commands; they take precedence. */
  answers = new Map<string, (args: Args) => unknown>();
  session: { id: string; channel: number; acked: boolean; seq: number } | undefined;
  /** Contents of finished text files. */
  texts = new Map<number, string>();
  /** Finished downloads whose file is gone. */
  missing = new Set<number>();
  watches = new Map<number, { event: number; log: number }>();
  maps = new Map<number, Segments>();
  histories = new Map<number, SpeedHistory>();
  /** Removed, but not carried out yet. */
  hidden = new Map<number, Row>();
  /** By the id of the replaced download. */
  replacements = new Map<number, number>();
  rules: Rule[] = [];
  /** Free bytes of every folder. */
  free: number | null = 212_000_000_000;
  /** Options that rows do not carry. */
  more = new Map<number, Partial<Properties>>();
  #undo = new Map<number, () => void>();
  #told: Told = { settings: null, open: null, add: null };
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
    this.rows.set(row.id, {
      ...row,
      rev,
      counted: rev,
      group: groupOf(row.phase),
      allows: allowsOf(row.phase, row.verifying !== null, row.problem),
    });
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

  hide(id: number, by?: number): void {
    if (by !== undefined) this.replacements.set(id, by);
    const row = this.rows.get(id);
    if (row !== undefined) this.hidden.set(id, row);
    this.drop(id);
  }

  unhide(id: number): void {
    const row = this.hidden.get(id);
    if (row === undefined) return;
    this.hidden.delete(id);
    const by = this.replacements.get(id);
    if (by !== undefined) this.drop(by);
    this.#removed.delete(id);
    this.rows.set(id, row);
    this.put(row);
  }

  /** Added to the next frame. */
  tell(told: Partial<Told>): void {
    this.#told = { ...this.#told, ...told };
  }

  #move(id: number, place: QueueMove): void {
    const queue = queueAfter([...this.rows.values()], id, place);
    queue.forEach((other, index) => this.change(other, { place: index }));
  }

  properties(id: number): Properties | undefined {
    const row = this.rows.get(id);
    return row === undefined ? undefined : { ...makeProperties(row), ...this.more.get(id) };
  }

  #setOptions(ids: readonly number[], changes: readonly OptionChange[]): number {
    const before = ids.map((id) => ({ id, row: this.rows.get(id), more: this.more.get(id) }));
    for (const id of ids) for (const change of changes) this.#setOption(id, change);
    const number = this.#undo.size + 1;
    this.#undo.set(number, () => {
      for (const { id, row, more } of before) {
        if (row !== undefined) this.change(id, row);
        this.more.set(id, more ?? {});
      }
    });
    return number;
  }

  #setOption(id: number, option: OptionChange): void {
    const { row, more } = changed(option);
    this.change(id, row);
    this.more.set(id, { ...this.more.get(id), ...more });
  }

  sorted(): Row[] {
    return [...this.rows.values()].sort((a, b) => b.id - a.id);
  }

  totals = (): Totals => totalsOf(this.rows.values());

  /** One tick of the hub: sends a frame of at most `most` rows, if the last one was acknowledged. */
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
      numbers: [],
      removed,
      totals: this.totals(),
      resync,
      ...this.#told,
    };
    this.#told = { settings: null, open: null, add: null };
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
    return {
      first,
      rows: all.slice(first, first + count),
      length: all.length,
      totals: this.totals(),
    };
  }

  add(url: string): number {
    const id = Math.max(0, ...this.rows.keys()) + 1;
    this.put(makeRow(id, { url, name: url.split("/").at(-1) ?? "file", phase: "probing", total: null }));
    return id;
  }

  #watch(id: number, args: Args): void {
    this.watches.set(id, {
      event: (args["onEvent"] as ChannelArgument).id,
      log: (args["onLog"] as ChannelArgument).id,
    });
  }

  async #answer(cmd: string, args: Args): Promise<unknown> {
    this.calls.push({ cmd, args });
    // A real core never responds in the same microtask.
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
      case "links":
        return (args["ids"] as number[]).flatMap(
          (one) => this.links.get(one) ?? this.rows.get(one)?.url ?? [],
        );
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
      case "replace":
      case "download": {
        const next = this.add(args["url"] as string);
        this.#watch(next, args);
        if (cmd === "replace") this.hide(id, next);
        return next;
      }
      case "download_many":
        return (args["items"] as { url: string }[]).map((item) => this.add(item.url));
      case "look":
        return makeLook(args["url"] as string);
      case "settings":
        return this.settings;
      case "change_settings":
        this.settings = args["settings"] as Settings;
        return this.settings;
      case "platform":
        return this.platform;
      case "notices_consent":
        return this.phone.consent;
      case "ask_for_notices":
        this.phone.consent = "given";
        return this.phone.consent;
      case "work_ended":
        return this.phone.ended;
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
      case "remove_many":
        for (const one of args["ids"] as number[]) this.hide(one);
        return null;
      case "undo_remove":
        for (const one of args["ids"] as number[]) this.unhide(one);
        return null;
      case "rename_file":
        this.change(id, { name: args["name"] as string });
        return null;
      case "move_file":
        this.change(id, { folder: args["folder"] as string });
        return null;
      case "download_again":
        this.missing.delete(id);
        this.change(id, { phase: "queued", received: 0, finishedAt: null, verdict: null });
        return null;
      case "locate":
        this.missing.delete(id);
        return true;
      case "missing_files":
        return (args["ids"] as number[]).filter((one) => this.missing.has(one));
      case "paths":
        return (args["ids"] as number[]).flatMap((one) => {
          const row = this.rows.get(one);
          return row === undefined ? [] : [`${row.folder}/${row.name}`];
        });
      case "preview": {
        const text = this.texts.get(id);
        return { kind: text === undefined ? "none" : "text", url: null, text: text ?? null, cut: false };
      }
      case "file_digest":
        return { algorithm: "sha-256", hex: "ab".repeat(32) };
      case "set_priority":
        this.change(id, { priority: args["priority"] as Row["priority"] });
        return null;
      case "set_tags":
        for (const one of args["ids"] as number[]) this.change(one, { tags: args["tags"] as string[] });
        return null;
      case "move_to":
        this.#move(id, args["place"] as QueueMove);
        return null;
      case "options":
        return (args["ids"] as number[]).flatMap((one) => this.properties(one) ?? []);
      case "set_options":
        return this.#setOptions(args["ids"] as number[], args["changes"] as OptionChange[]);
      case "undo_options":
        this.#undo.get(args["change"] as number)?.();
        return null;
      case "rules":
        return this.rules;
      case "set_rules":
        this.rules = args["rules"] as Rule[];
        return this.rules;
      case "free_in_folder":
        return this.free;
      case "segments":
        return this.maps.get(id) ?? segmentsOf(this.rows.get(id));
      case "speed_history":
        return this.histories.get(id) ?? { every: 1, runs: [], marks: [] };
      case "restore_history":
        return (args["ids"] as number[]).map((one) => this.add(`https://example.org/${one}`));
      case "export_list":
        return [...this.rows.values()].map((row) => `${row.url}\n`).join("");
      case "recent_folders":
        return this.recent;
      default:
        return usualAnswers[cmd] ?? null;
    }
  }

  #own(args: Args): NonNullable<FakeCore["session"]> {
    if (this.session === undefined || this.session.id !== args["session"]) {
      // Commands are rejected with a wire value, not with an Error.
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw { code: "stale-session", problem: null, message: "this session is closed" };
    }
    return this.session;
  }
}
