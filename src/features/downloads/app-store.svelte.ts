// The window's state and what a person can do in it: the list, what is selected and open, which dialog is
// up, and every intent with the words for its refusal. Knows the core's commands, no markup.
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
import { DownloadWatch } from "../../lib/watch.svelte.ts";
import { errorText } from "../../lib/labels.ts";
import { m } from "../../paraglide/messages.js";

export type Dialog =
  /** `outside`: another program or a page wrote the links; `offered` is what came along with them. */
  | { kind: "add"; links: string; outside?: boolean; offered?: readonly Offered[] }
  | { kind: "remove"; rows: readonly Row[] }
  | { kind: "link"; row: Row }
  | { kind: "menu"; rows: readonly Row[] }
  | { kind: "filters" }
  | { kind: "shortcuts" }
  | { kind: "settings" };

const openKey = "millrace.open";
/** The core carries a removal out after 8 s; the way back is offered a little shorter. */
const undoTime = 7_500;

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
  /** Which page of the details is open. */
  tab = $state("overview");
  /** On a phone: taps select instead of opening. */
  selecting = $state(false);
  /** Whether the menu of orders is open. */
  sorting = $state(false);
  /** What a screen reader is to say next. */
  announcement = $state("");
  /** Puts the keyboard back on the list; the list that is on the screen sets it. */
  focusList: () => void = () => undefined;
  #mounted = false;
  /** Links that somebody else than the person wants added; none at all where they want to add what they have copied. */
  #offered = $state.raw<readonly Offered[] | null>(null);
  #undo: { ids: number[]; toast: number } | undefined;

  order: readonly number[] = $derived(this.query.rows.map((row) => row.id));
  openRow: Row | undefined = $derived(
    this.openId === undefined ? undefined : find(this.list.rows, this.openId),
  );
  selected: readonly Row[] = $derived(
    this.selection.ids.size === 0 ? [] : this.list.rows.filter((row) => this.selection.ids.has(row.id)),
  );

  /** Starts the channels; returns what ends them. */
  start(): () => void {
    const stop = this.list.start();
    const stopSettings = this.settings.start();
    const stopHints = this.hints.start();
    const sampling = setInterval(() => this.speeds.sample(this.list.rows), 1000);
    window.addEventListener("pagehide", this.watch.close);
    const remembered = Number(sessionStorage.getItem(openKey));
    // After a reload the details go on where they were.
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

  /** Puts links from elsewhere before the person, once nothing else is. Nothing is added by that. */
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

  /** Throws a IpcError; the dialog shows it beside the field. `show` opens the details on it. */
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

  /** Asks first where a file is at stake; what is unfinished goes at once. Either can be undone. */
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
      const action = { label: m.common_undo(), run: this.undo };
      const toast = this.toasts.show({ tone: "plain", title, text: m.window_undo_hint(), action }, undoTime);
      this.#undo = { ids, toast };
      this.announcement = title;
    };
    this.#try(go(), m.window_not_removed);
  };

  /** Takes back the last removal, as long as its message is there. */
  undo = (): void => {
    const last = this.#undo;
    if (last === undefined || !this.toasts.all.some((toast) => toast.key === last.toast)) return;
    this.#undo = undefined;
    this.toasts.dismiss(last.toast);
    const [first] = last.ids;
    const go = async (): Promise<void> => {
      await api.undoRemove(last.ids);
      if (first !== undefined) this.selection.selectOnly(first);
      this.focusList();
    };
    this.#try(go(), m.window_not_undone);
  };

  /** Throws a IpcError; the dialog shows it. */
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
  /** Throw a IpcError; the field shows it. */
  setLimit = (row: Row, limit: number | null): Promise<unknown> => api.setLimit(row.id, limit);
  setConnections = (row: Row, count: number | null): Promise<unknown> => api.setConnections(row.id, count);

  step = (rows: readonly Row[], step: Step): void => {
    const chosen = new Set(rows.map((row) => row.id));
    this.#move(stepMoves(queueOf(this.list.rows), chosen, step));
  };
  drop = (rows: readonly Row[], at: "before" | "after", id: number): void => {
    this.#move(dropMoves(queueOf(this.list.rows), new Set(rows.map((row) => row.id)), at, id));
  };

  /** The first thing to do about a failed download. */
  fix = (row: Row): void => {
    if (row.fix === "new-link") this.dialog = { kind: "link", row };
    else if (row.fix === "other-folder") this.changeFolder(row);
    else this.retry([row]);
  };

  copyLink = (rows: readonly Row[]): void => {
    const copy = async (): Promise<void> => {
      // A row has only the beginning of a long link.
      const links = await api.links(rows.map((row) => row.id));
      await navigator.clipboard.writeText(links.join("\n"));
      this.toasts.show({ tone: "plain", title: m.window_link_copied(), text: "" });
      this.announcement = m.window_link_copied();
    };
    this.#try(copy(), m.window_not_copied);
  };

  /** Space: whatever gets the selected ones going, or else stops them. */
  toggle(rows: readonly Row[]): void {
    if (rows.some((row) => row.allows.pause)) this.pause(rows);
    else if (rows.some((row) => row.allows.resume)) this.resume(rows);
    else this.retry(rows);
  }

  /** What stands in the list's place has come up: if the focus was on what stood there before, `focus` takes it over. */
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
    // One after the other: each takes its place by what the one before has left.
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
