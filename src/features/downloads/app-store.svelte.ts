// State of the window and the user's actions in it: the list, selection, open details and dialog, and the error texts
// of refused actions. Knows the core's commands, no markup.
import { getContext, setContext, tick } from "svelte";
import * as api from "../../lib/api.ts";
import type { DownloadOptions, Frame, RemoveMode, Offered, Priority, Row } from "../../lib/api.ts";
import { bytes } from "../../lib/format.ts";
import { PhoneHints } from "../../lib/phone-hints.svelte.ts";
import { type RowChange, DownloadList } from "../../lib/list.svelte.ts";
import { find } from "../../lib/rows.ts";
import { paragraph, problemText } from "../../lib/problems.ts";
import { dropMoves, type QueueMoveRequest, queueOf, type Step, stepMoves } from "../../lib/queue-moves.ts";
import { SegmentMaps } from "../../lib/segments.svelte.ts";
import { Selection } from "../../lib/selection.svelte.ts";
import { SettingsStore } from "../../lib/settings.svelte.ts";
import { Sidebar } from "../../lib/sidebar.svelte.ts";
import { ListQuery } from "../../lib/list-query.svelte.ts";
import { SpeedHistory } from "../../lib/speed-history.svelte.ts";
import { Toasts } from "../../lib/toasts.svelte.ts";
import { DownloadWatch } from "../../lib/download-watch.svelte.ts";
import { errorText } from "../../lib/labels.ts";
import { m } from "../../paraglide/messages.js";
import { RemovalUndo } from "./removal-undo.ts";

export type Dialog =
  /**
   * `outside`: the links come from another program or a page; `offered` has the names and headers that came with them.
   */
  | { kind: "add"; links: string; outside?: boolean; offered?: readonly Offered[] }
  | { kind: "remove"; rows: readonly Row[] }
  | { kind: "link"; row: Row }
  | { kind: "menu"; rows: readonly Row[] }
  | { kind: "filters" }
  | { kind: "shortcuts" }
  | { kind: "settings" };

const openKey = "millrace.open";

export class AppStore {
  toasts = new Toasts();
  list = new DownloadList({
    onRowChanged: (change) => this.#announceChange(change),
    onReattached: () => {
      this.#try(this.watch.reopen(), m.window_not_details);
      this.settings.load().catch(() => undefined);
    },
    onFrameExtras: (frame) => this.#onFrameExtras(frame),
  });
  query = new ListQuery(() => this.list.rows);
  selection = new Selection();
  watch = new DownloadWatch();
  speeds = new SpeedHistory();
  segmentMaps = new SegmentMaps();
  settings = new SettingsStore();
  hints = new PhoneHints(() => this.list.totals.all > 0);
  sidebar = new Sidebar();
  dialog = $state.raw<Dialog | undefined>();
  /** The download whose details are open. */
  openId = $state<number | undefined>();
  /** The selected tab of the details. */
  tab = $state("overview");
  /** On a phone: a tap selects a row instead of opening it. */
  selecting = $state(false);
  /** Whether the sort menu is open. */
  sorting = $state(false);
  /** The next announcement for screen readers. */
  announcement = $state("");
  /** Moves the focus back to the list; set by the mounted list. */
  focusList: () => void = () => undefined;
  #mounted = false;
  /** Links to add that come from elsewhere; an empty list opens the dialog for what the user has copied. */
  #offered = $state.raw<readonly Offered[] | null>(null);
  #undo = new RemovalUndo(this.toasts);

  order: readonly number[] = $derived(this.query.rows.map((row) => row.id));
  openRow: Row | undefined = $derived(
    this.openId === undefined ? undefined : find(this.list.rows, this.openId),
  );
  selected: readonly Row[] = $derived(
    this.selection.ids.size === 0 ? [] : this.list.rows.filter((row) => this.selection.ids.has(row.id)),
  );

  /** Starts the channels; returns a function that stops them. */
  start(): () => void {
    const stop = this.list.start();
    const stopSettings = this.settings.start();
    const stopHints = this.hints.start();
    const sampling = setInterval(() => this.speeds.sample(this.list.rows), 1000);
    window.addEventListener("pagehide", this.watch.close);
    const remembered = Number(sessionStorage.getItem(openKey));
    // After a reload the same details are opened.
    if (remembered > 0) this.#restore(remembered);
    return () => {
      clearInterval(sampling);
      window.removeEventListener("pagehide", this.watch.close);
      this.watch.close();
      stopHints();
      stopSettings();
      stop();
    };
  }

  /** Shows links from elsewhere in the add dialog once no other dialog is open. Adds nothing by itself. */
  showOffered(): void {
    if (this.dialog !== undefined || this.#offered === null) return;
    const links = this.#offered.map(({ url }) => url).join("\n");
    this.dialog = { kind: "add", links, outside: true, offered: this.#offered };
    this.#offered = null;
  }

  open(id: number): void {
    this.openId = id;
    sessionStorage.setItem(openKey, String(id));
    this.#try(this.watch.open(id), m.window_not_details);
  }

  close(): void {
    this.openId = undefined;
    sessionStorage.removeItem(openKey);
    this.watch.close();
  }

  /** Throws an IpcError, which the dialog shows beside the field. `show` opens the details of the new download. */
  async add(url: string, options: DownloadOptions, show: boolean): Promise<void> {
    const id = await this.watch.add(url, options, show);
    if (!show) return;
    this.openId = id;
    sessionStorage.setItem(openKey, String(id));
    this.selection.selectOnly(id);
  }

  pause = (rows: readonly Row[]): void =>
    this.#each(rows, (row) => row.allows.pause, api.pause, m.window_not_paused);
  resume = (rows: readonly Row[]): void =>
    this.#each(rows, (row) => row.allows.resume, api.resume, m.window_not_resumed);
  retry = (rows: readonly Row[]): void =>
    this.#each(rows, (row) => row.allows.retry, api.retry, m.window_not_retried);
  openFile = (row: Row): void => this.#try(api.openFile(row.id), () => m.window_not_opened(row));
  reveal = (row: Row): void => this.#try(api.reveal(row.id), () => m.window_not_revealed(row));
  pauseAll = (): void => this.#try(api.pauseAll(), m.window_not_all_paused);
  resumeAll = (): void => this.#try(api.resumeAll(), m.window_not_all_resumed);
  toggleSlowMode = (): void => {
    const now = this.settings.now?.slow ?? false;
    this.#try(this.settings.change({ slow: !now }), m.window_not_settings);
  };

  /** Asks first when finished files are involved; unfinished downloads are removed immediately. Both can be undone. */
  askRemove = (rows: readonly Row[]): void => {
    if (rows.some((row) => row.phase === "done")) this.dialog = { kind: "remove", rows };
    else this.remove(rows, "keep");
  };

  remove = (rows: readonly Row[], leftover: RemoveMode): void => {
    const ids = rows.map((row) => row.id);
    const next = this.selection.after(new Set(ids), this.order);
    if (next === undefined) this.selection.clear();
    else this.selection.selectOnly(next);
    if (this.openId !== undefined && ids.includes(this.openId)) this.close();
    this.selecting = false;
    this.focusList();
    const go = async (): Promise<void> => {
      await api.removeMany(ids, leftover);
      const [one] = rows;
      const title =
        one !== undefined && rows.length === 1
          ? m.window_removed_one(one)
          : m.window_removed({ count: rows.length });
      this.#undo.offer(ids, title, this.undo);
      this.announcement = title;
    };
    this.#try(go(), m.window_not_removed);
  };

  /** Undoes the last removal while its message is shown. */
  undo = (): void => {
    const ids = this.#undo.take();
    if (ids === undefined) return;
    const [first] = ids;
    const go = async (): Promise<void> => {
      await api.undoRemove(ids);
      if (first !== undefined) this.selection.selectOnly(first);
      this.focusList();
    };
    this.#try(go(), m.window_not_undone);
  };

  /** Throws an IpcError; the dialog shows it. */
  changeLink = (row: Row, url: string): Promise<unknown> => api.changeLink(row.id, url);

  changeFolder = (row: Row): void => {
    const change = async (): Promise<void> => {
      const folder = await api.pickFolder();
      if (folder !== null) await api.changeFolder(row.id, folder.id);
    };
    this.#try(change(), () => m.window_not_folder(row));
  };

  setPriority = (rows: readonly Row[], priority: Priority): void =>
    this.#each(
      rows,
      (row) => row.allows.setOptions && row.priority !== priority,
      (id) => api.setPriority(id, priority),
      m.window_not_changed,
    );
  setUnmeteredOnly = (row: Row, only: boolean): void =>
    this.#try(api.setUnmeteredOnly(row.id, only), () => m.window_not_changed(row));
  askForNotices = (): void => this.#try(this.hints.ask(), m.window_not_settings);
  batterySettings = (): void => this.#try(api.batterySettings(), m.phone_not_settings);
  /** Throws an IpcError, like `setConnections`; the field shows it. */
  setLimit = (row: Row, limit: number | null): Promise<unknown> => api.setLimit(row.id, limit);
  setConnections = (row: Row, count: number | null): Promise<unknown> => api.setConnections(row.id, count);

  step = (rows: readonly Row[], step: Step): void => {
    const chosen = new Set(rows.map((row) => row.id));
    this.#move(stepMoves(queueOf(this.list.rows), chosen, step));
  };
  drop = (rows: readonly Row[], at: "before" | "after", id: number): void => {
    this.#move(dropMoves(queueOf(this.list.rows), new Set(rows.map((row) => row.id)), at, id));
  };

  /** The suggested fix of a failed download. */
  fix = (row: Row): void => {
    if (row.fix === "new-link") this.dialog = { kind: "link", row };
    else if (row.fix === "other-folder") this.changeFolder(row);
    else this.retry([row]);
  };

  copyLink = (rows: readonly Row[]): void => {
    const copy = async (): Promise<void> => {
      // A row carries only the beginning of a long link.
      const links = await api.links(rows.map((row) => row.id));
      await navigator.clipboard.writeText(links.join("\n"));
      this.toasts.show({ tone: "plain", title: m.window_link_copied(), text: "" });
      this.announcement = m.window_link_copied();
    };
    this.#try(copy(), m.window_not_copied);
  };

  /** Space: pauses the selected rows, or else resumes, or else retries them. */
  toggle(rows: readonly Row[]): void {
    if (rows.some((row) => row.allows.pause)) this.pause(rows);
    else if (rows.some((row) => row.allows.resume)) this.resume(rows);
    else this.retry(rows);
  }

  /** Called by the view that replaced the list or its empty state: `focus` runs if the removed view had the focus. */
  focusWhenMounted(focus: () => void): void {
    const again = this.#mounted;
    this.#mounted = true;
    void tick().then(() => {
      if (again && this.dialog === undefined && document.activeElement === document.body) focus();
    });
  }

  #restore(id: number): void {
    this.openId = id;
    this.selection.selectOnly(id);
    this.watch.open(id).catch(() => this.close());
  }

  #onFrameExtras({ settings, open, add }: Frame): void {
    if (settings !== null) this.settings.take(settings);
    if (add !== null) this.#offered = [...(this.#offered ?? []), ...add];
    if (open === null) return;
    this.query.showAll();
    this.selection.selectOnly(open);
    this.open(open);
  }

  #move(moves: readonly QueueMoveRequest[]): void {
    // Sequential: each move is relative to the result of the previous one.
    const go = async (): Promise<void> => {
      for (const { id, place } of moves) await api.moveTo(id, place);
    };
    const row = find(this.list.rows, moves[0]?.id ?? 0);
    if (row !== undefined) this.#try(go(), () => m.window_not_changed(row));
  }

  #each(
    rows: readonly Row[],
    able: (row: Row) => boolean,
    act: (id: number) => Promise<unknown>,
    not: (row: Row) => string,
  ): void {
    for (const row of rows) if (able(row)) this.#try(act(row.id), () => not(row));
  }

  #try(doing: Promise<unknown>, title: () => string): void {
    doing.catch((error: unknown) => {
      const text = errorText(api.toIpcError(error));
      this.toasts.show({ tone: "error", title: title(), text });
      this.announcement = `${title()}. ${text}`;
    });
  }

  #announceChange({ after }: RowChange): void {
    if (after.phase === "done") {
      const action = { label: m.common_open(), run: () => this.openFile(after) };
      const text = m.window_here({ size: bytes(after.received) });
      this.toasts.show({ tone: "success", title: after.name, text, action });
      this.announcement = m.window_said_done(after);
    } else if (after.phase === "failed" && after.problem !== null) {
      const words = problemText(after.problem, after.received);
      const action = { label: m.common_details(), run: () => this.open(after.id) };
      this.toasts.show({ tone: "error", title: after.name, text: paragraph(words), action });
      this.announcement = m.window_said_failed({ name: after.name, what: words.what });
    }
  }
}

export const appStoreKey = Symbol("app-store");
export const provideAppStore = (store: AppStore): AppStore => setContext(appStoreKey, store);
export const useAppStore = (): AppStore => getContext<AppStore>(appStoreKey);
