// The window's state and what a person can do in it: the list, what is selected and open, which dialog is
// up, and every intent with the words for its refusal. Knows the core's commands, no markup.
import { getContext, setContext } from "svelte";
import * as api from "../lib/api.ts";
import type { DownloadOptions, Leftover, Row } from "../lib/api.ts";
import { bytes } from "../lib/format.ts";
import { type Change, DownloadList } from "../lib/list.svelte.ts";
import { find } from "../lib/model.ts";
import { Selection } from "../lib/selection.svelte.ts";
import { Shown } from "../lib/shown.svelte.ts";
import { Speeds } from "../lib/speeds.svelte.ts";
import { Toasts } from "../lib/toasts.svelte.ts";
import { Watching } from "../lib/watch.svelte.ts";
import { paragraph, refusal, wordsFor } from "../lib/words.ts";

export type Dialog =
  | { kind: "add"; links: string }
  | { kind: "remove"; rows: readonly Row[] }
  | { kind: "link"; row: Row }
  | { kind: "menu"; row: Row };

const openKey = "millrace.open";

export class Desk {
  toasts = new Toasts();
  list = new DownloadList(
    (change) => this.#tell(change),
    () => this.#try(this.watching.again(), "The details cannot be shown"),
  );
  shown = new Shown(() => this.list.rows);
  selection = new Selection();
  watching = new Watching();
  speeds = new Speeds();
  dialog = $state.raw<Dialog | undefined>();
  /** The download whose details are open. */
  openId = $state<number | undefined>();

  order: readonly number[] = $derived(this.shown.rows.map((row) => row.id));
  openRow: Row | undefined = $derived(
    this.openId === undefined ? undefined : find(this.list.rows, this.openId),
  );
  selected: readonly Row[] = $derived(this.list.rows.filter((row) => this.selection.ids.has(row.id)));

  /** Starts the channels; returns what ends them. */
  start(): () => void {
    const stop = this.list.start();
    const sampling = setInterval(() => this.speeds.sample(this.list.rows), 1000);
    window.addEventListener("pagehide", this.watching.close);
    const remembered = Number(sessionStorage.getItem(openKey));
    // After a reload the details go on where they were.
    if (remembered > 0) this.#restore(remembered);
    return () => {
      clearInterval(sampling);
      window.removeEventListener("pagehide", this.watching.close);
      this.watching.close();
      stop();
    };
  }

  open(id: number): void {
    this.openId = id;
    sessionStorage.setItem(openKey, String(id));
    this.#try(this.watching.open(id), "The details cannot be shown");
  }

  close(): void {
    this.openId = undefined;
    sessionStorage.removeItem(openKey);
    this.watching.close();
  }

  /** Throws a CommandFailure; the dialog shows it beside the field. `show` opens the details on it. */
  async add(url: string, options: DownloadOptions, show: boolean): Promise<void> {
    const id = await this.watching.add(url, options, show);
    if (!show) return;
    this.openId = id;
    sessionStorage.setItem(openKey, String(id));
    this.selection.only(id);
  }

  pause = (rows: readonly Row[]): void =>
    this.#each(rows, (row) => row.allows.pause, api.pause, "cannot be paused");
  resume = (rows: readonly Row[]): void =>
    this.#each(rows, (row) => row.allows.resume, api.resume, "cannot go on");
  retry = (rows: readonly Row[]): void =>
    this.#each(rows, (row) => row.allows.retry, api.retry, "cannot be tried again");
  openFile = (row: Row): void => this.#try(api.openFile(row.id), `${row.name} cannot be opened`);
  reveal = (row: Row): void => this.#try(api.reveal(row.id), `${row.name} cannot be shown`);
  pauseAll = (): void => this.#try(api.pauseAll(), "Not everything could be paused");
  resumeAll = (): void => this.#try(api.resumeAll(), "Not everything could go on");

  remove = (rows: readonly Row[], leftover: Leftover): void => {
    for (const row of rows) {
      if (row.id === this.openId) this.close();
      this.#try(api.remove(row.id, leftover), `${row.name} cannot be removed`);
    }
    this.selection.clear();
  };

  /** Throws a CommandFailure; the dialog shows it. */
  changeLink = (row: Row, url: string): Promise<unknown> => api.changeLink(row.id, url);

  changeFolder = (row: Row): void => {
    const change = async (): Promise<void> => {
      const folder = await api.pickFolder();
      if (folder !== null) await api.changeFolder(row.id, folder.id);
    };
    this.#try(change(), `The folder of ${row.name} was not changed`);
  };

  /** The first thing to do about a failed download. */
  fix = (row: Row): void => {
    if (row.fix === "new-link") this.dialog = { kind: "link", row };
    else if (row.fix === "other-folder") this.changeFolder(row);
    else this.retry([row]);
  };

  copyLink = (row: Row): void => {
    this.#try(navigator.clipboard.writeText(row.url), "The link was not copied");
  };

  /** Space: whatever gets the selected ones going, or else stops them. */
  toggle(rows: readonly Row[]): void {
    if (rows.some((row) => row.allows.pause)) this.pause(rows);
    else if (rows.some((row) => row.allows.resume)) this.resume(rows);
    else this.retry(rows);
  }

  #restore(id: number): void {
    this.openId = id;
    this.selection.only(id);
    this.watching.open(id).catch(() => this.close());
  }

  #each(
    rows: readonly Row[],
    able: (row: Row) => boolean,
    act: (id: number) => Promise<unknown>,
    not: string,
  ): void {
    for (const row of rows) if (able(row)) this.#try(act(row.id), `${row.name} ${not}`);
  }

  #try(doing: Promise<unknown>, title: string): void {
    doing.catch((error: unknown) => {
      this.toasts.show({ tone: "bad", title, text: refusal(api.failureOf(error)) });
    });
  }

  #tell({ after }: Change): void {
    if (after.phase === "done") {
      this.toasts.show({
        tone: "good",
        title: after.name,
        text: `All ${bytes(after.received)} are here.`,
        action: { label: "Open", run: () => this.openFile(after) },
      });
    } else if (after.phase === "failed" && after.problem !== null) {
      const words = wordsFor(after.problem, after.received);
      this.toasts.show({
        tone: "bad",
        title: after.name,
        text: paragraph(words),
        action: { label: "Details", run: () => this.open(after.id) },
      });
    }
  }
}

export const key = Symbol("desk");
export const provide = (desk: Desk): Desk => setContext(key, desk);
export const useDesk = (): Desk => getContext<Desk>(key);
