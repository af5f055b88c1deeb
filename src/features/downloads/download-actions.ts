// What the user can do with downloads, and the reports of what the core refused. Removal is in removal.ts. Knows the
// core's commands, no markup.
import type { Announcer } from "../../lib/announcer.svelte.ts";
import * as api from "../../lib/api.ts";
import type { Algorithm, Folder, Priority, Row } from "../../lib/api.ts";
import type { FileStates } from "../../lib/file-states.svelte.ts";
import type { FailureReporter } from "../../lib/failure-reporter.ts";
import { prefillText } from "../../lib/input/parse-input.ts";
import {
  dropMoves,
  placeMoves,
  type QueueMoveRequest,
  queueOf,
  type Step,
  stepMoves,
} from "../../lib/queue-moves.ts";
import { algorithmNames } from "../../lib/problems.ts";
import type { TagChange } from "../../lib/tags.ts";
import { find, type Rows } from "../../lib/rows.ts";
import type { SettingsStore } from "../../lib/settings.svelte.ts";
import type { Toasts } from "../../lib/toasts.svelte.ts";
import { m } from "../../paraglide/messages.js";
import type { Dialogs } from "./dialogs.svelte.ts";
import { Verifier } from "./verifier.svelte.ts";

type Dependencies = {
  rows: () => Rows;
  settings: SettingsStore;
  dialogs: Dialogs;
  files: FileStates;
  toasts: Toasts;
  announcer: Announcer;
  failures: FailureReporter;
};

/** How long after a move its new place is announced: the core reports it within a frame. In ms. */
const moveReported = 2_000;

export class DownloadActions {
  readonly #deps: Dependencies;
  readonly verifier: Verifier;
  /** The download that the user moved in the queue last, and until when its new place is awaited. */
  #moved: { id: number; until: number } | undefined;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.verifier = new Verifier(deps);
  }

  pause(rows: readonly Row[]): void {
    this.#each(rows, (row) => row.allows.pause, api.pause, m.window_not_paused);
  }
  resume(rows: readonly Row[]): void {
    this.#each(rows, (row) => row.allows.resume, api.resume, m.window_not_resumed);
  }
  retry(rows: readonly Row[]): void {
    this.#each(rows, (row) => row.allows.retry, api.retry, m.window_not_retried);
  }

  /** Space: pauses the selected rows, or else resumes, or else retries them. */
  toggle(rows: readonly Row[]): void {
    if (rows.some((row) => row.allows.pause)) this.pause(rows);
    else if (rows.some((row) => row.allows.resume)) this.resume(rows);
    else this.retry(rows);
  }

  pauseAll(): void {
    this.#try(api.pauseAll(), m.window_not_all_paused);
  }
  resumeAll(): void {
    this.#try(api.resumeAll(), m.window_not_all_resumed);
  }
  toggleSlowMode(): void {
    const { settings } = this.#deps;
    const now = settings.now?.slow ?? false;
    this.#try(settings.change({ slow: !now }), m.window_not_settings);
  }

  /** Limits the speed of all downloads together, in bytes per second; null: no limit. */
  setTotalLimit(limit: number | null): void {
    this.#try(this.#deps.settings.change({ limit }), m.window_not_settings);
  }

  /** Opens the add dialog with the links in the clipboard's text. */
  addFromClipboard(): void {
    const read = async (): Promise<void> => {
      const text = await api.clipboard().catch(() => "");
      this.#deps.dialogs.open({ kind: "add", links: prefillText(text) });
    };
    void read();
  }

  openFile(row: Row): void {
    this.#file(row, api.openFile(row.id), () => m.window_not_opened(row));
  }
  openWith(row: Row): void {
    this.#file(row, api.openWith(row.id), () => m.files_not_opened_with(row));
  }
  reveal(row: Row): void {
    this.#file(row, api.reveal(row.id), () => m.window_not_revealed(row));
  }
  /** In the system's browser: some links need a page or a sign-in first. */
  openLink(row: Row): void {
    this.#try(api.openLink(row.id), () => m.window_not_opened_link(row));
  }
  /** Drags the files of finished rows to another program. */
  dragOut(rows: readonly Row[]): void {
    const [one] = rows;
    if (one === undefined) return;
    const ids = rows.map((row) => row.id);
    const dragging = api.dragOut(ids);
    dragging.catch(() => this.#deps.files.look());
    this.#try(dragging, () => m.files_not_dragged(one));
  }
  /** Lets the user point at a file that was moved. */
  locate(row: Row): void {
    const locate = async (): Promise<void> => {
      if (await api.locate(row.id)) this.#deps.files.look();
    };
    this.#try(locate(), () => m.files_not_located(row));
  }
  downloadAgain(rows: readonly Row[]): void {
    this.#each(rows, (row) => row.allows.downloadAgain, api.downloadAgain, m.files_not_again);
  }

  copyLink(rows: readonly Row[]): void {
    // A row carries only the beginning of a long link.
    this.#copy(api.links(rows.map((row) => row.id)), m.window_link_copied);
  }
  copyPath(rows: readonly Row[]): void {
    this.#copy(api.paths(rows.map((row) => row.id)), m.files_copied_path);
  }
  copyName(rows: readonly Row[]): void {
    this.#copy(Promise.resolve(rows.map((row) => row.name)), m.files_copied_name);
  }
  copyChecksum(row: Row): void {
    const digest = api.fileDigest(row.id);
    const name = (algorithm: Algorithm | undefined): string =>
      m.files_copied_checksum({ algorithm: algorithm === undefined ? "" : algorithmNames[algorithm] });
    this.#copy(
      digest.then((found) => (found === null ? [] : [found.hex])),
      async () => name((await digest)?.algorithm),
    );
  }

  /** Copies a text and says so with `done`. */
  copyText(text: string, done: string): void {
    const { toasts, announcer } = this.#deps;
    const copy = async (): Promise<void> => {
      await navigator.clipboard.writeText(text);
      toasts.show({ tone: "plain", title: done, text: "" });
      announcer.say(done);
    };
    this.#try(copy(), m.window_not_copied);
  }

  /** The suggested fix of a failed download. */
  fix(row: Row): void {
    if (row.fix === "new-link") this.#deps.dialogs.open({ kind: "link", row });
    else if (row.fix === "other-folder") this.changeFolder(row);
    else this.retry([row]);
  }

  changeFolder(row: Row): void {
    const change = async (): Promise<void> => {
      const folder = await api.pickFolder();
      if (folder !== null) await api.changeFolder(row.id, folder.id);
    };
    this.#try(change(), () => m.window_not_folder(row));
  }

  setPriority(rows: readonly Row[], priority: Priority): void {
    this.#each(
      rows,
      (row) => row.allows.setOptions && row.priority !== priority,
      (id) => api.setPriority(id, priority),
      m.window_not_changed,
    );
  }
  /** Throws an IpcError, which the dialog shows. Rows that get the same tags are changed together. */
  async setTags(changes: readonly TagChange[]): Promise<void> {
    for (const { ids, tags } of changes) await api.setTags([...ids], [...tags]);
  }

  /** Throws an IpcError, which the dialog or the field shows; so do those below, except `move`. */
  changeLink(row: Row, url: string): Promise<unknown> {
    return api.changeLink(row.id, url);
  }
  /** The same, and a message when it is done. */
  async rename(row: Row, name: string): Promise<void> {
    await api.renameFile(row.id, name);
    this.#say(m.files_renamed({ name }));
  }
  /**
   * Reports by itself: it may take long, and its dialog may be closed meanwhile. One that would begin again anyway gets
   * another folder.
   */
  move(rows: readonly Row[], folder: Folder): void {
    const move = (row: Row): Promise<unknown> => {
      const moved = row.allows.relocate
        ? api.moveFile(row.id, folder.id)
        : api.changeFolder(row.id, folder.id);
      this.#try(moved, () => m.files_not_moved(row));
      return moved;
    };
    const all = async (): Promise<void> => {
      const ends = await Promise.allSettled(rows.map(move));
      const done = rows.filter((_, at) => ends[at]?.status === "fulfilled");
      const [only] = done;
      if (only === undefined) return;
      this.#say(
        done.length === 1 ? m.files_moved(only) : m.files_moved_many({ count: done.length }),
        folder.label,
      );
    };
    void all();
  }

  /** Moves the rows to this place of the queue, counted from 1. */
  moveToPlace(rows: readonly Row[], place: number): void {
    const chosen = new Set(rows.map((row) => row.id));
    this.#move(placeMoves(queueOf(this.#deps.rows()), chosen, place));
  }

  /** Moves the rows in the queue. */
  step(rows: readonly Row[], step: Step): void {
    const chosen = new Set(rows.map((row) => row.id));
    this.#move(stepMoves(queueOf(this.#deps.rows()), chosen, step));
  }
  /** Moves the rows in the queue to before or after the row `id`. */
  drop(rows: readonly Row[], at: "before" | "after", id: number): void {
    const chosen = new Set(rows.map((row) => row.id));
    this.#move(dropMoves(queueOf(this.#deps.rows()), chosen, at, id));
  }

  #move(moves: readonly QueueMoveRequest[]): void {
    // Sequential: each move is relative to the result of the previous one.
    const go = async (): Promise<void> => {
      for (const { id, place } of moves) await api.moveTo(id, place);
    };
    const row = find(this.#deps.rows(), moves[0]?.id ?? 0);
    if (row === undefined) return;
    this.#moved = { id: row.id, until: performance.now() + moveReported };
    this.#try(go(), () => m.window_not_changed(row));
  }

  /** The core has reported a new place of `row`; announced only after a move by the user. */
  announceMove({ id, name, place }: Row): void {
    if (this.#moved?.id !== id || place === null || performance.now() > this.#moved.until) return;
    this.#moved = undefined;
    this.#deps.announcer.say(m.window_moved({ name, place: place + 1 }));
  }

  #each(
    rows: readonly Row[],
    able: (row: Row) => boolean,
    act: (id: number) => Promise<unknown>,
    not: (row: Row) => string,
  ): void {
    for (const row of rows) if (able(row)) this.#try(act(row.id), () => not(row));
  }

  /** Notes when the file turns out to be gone. */
  #file(row: Row, doing: Promise<unknown>, title: () => string): void {
    doing.catch((error: unknown) => {
      if (api.toIpcError(error).code === "no-such-file") this.#deps.files.setMissing(row.id);
    });
    this.#try(doing, title);
  }

  #copy(texts: Promise<readonly string[]>, said: () => string | Promise<string>): void {
    const copy = async (): Promise<void> => {
      await navigator.clipboard.writeText((await texts).join("\n"));
      this.#say(await said());
    };
    this.#try(copy(), m.window_not_copied);
  }

  #say(title: string, text = ""): void {
    this.#deps.toasts.show({ tone: "plain", title, text });
    this.#deps.announcer.say(title);
  }

  #try(doing: Promise<unknown>, title: () => string): void {
    this.#deps.failures.watch(doing, title);
  }
}
