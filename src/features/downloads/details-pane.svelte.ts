// The details: whether their pane is shown, of which download, which tab, and the watch on its events. Remembered. Knows
// the core's commands, no markup.
import type { DownloadOptions, Row } from "../../lib/api.ts";
import { DownloadWatch } from "../../lib/download-watch.svelte.ts";
import type { FailureReporter } from "../../lib/failure-reporter.ts";
import { find, type Rows } from "../../lib/rows.ts";
import type { Selection } from "../../lib/selection.svelte.ts";
import { load, save } from "../../lib/stored.ts";
import { m } from "../../paraglide/messages.js";

const openKey = "millrace.open";
const shownKey = "millrace.details";
const tabKey = "millrace.tab";

export class DetailsPane {
  /** The download whose details are open. */
  id = $state<number | undefined>();
  /** Whether a desktop shows the pane, with or without a download. On a phone a download is shown, or no details. */
  #shown = $state(load(shownKey) === true);
  #tab = $state("overview");
  readonly watch = new DownloadWatch();
  #rows: () => Rows;
  #selection: Selection;
  #failures: FailureReporter;

  row: Row | undefined = $derived.by(() => (this.id === undefined ? undefined : find(this.#rows(), this.id)));

  constructor(rows: () => Rows, selection: Selection, failures: FailureReporter) {
    this.#rows = rows;
    this.#selection = selection;
    this.#failures = failures;
    const tab = load(tabKey);
    if (typeof tab === "string") this.#tab = tab;
  }

  /** The selected tab. */
  get tab(): string {
    return this.#tab;
  }
  set tab(tab: string) {
    this.#tab = tab;
    save(tabKey, tab);
  }

  get shown(): boolean {
    return this.#shown;
  }

  /** After a reload, opens the same details; returns a function that ends the watch. */
  start(): () => void {
    window.addEventListener("pagehide", this.watch.close);
    const remembered = load(openKey);
    if (typeof remembered === "number") this.#restore(remembered);
    return () => {
      window.removeEventListener("pagehide", this.watch.close);
      this.watch.close();
    };
  }

  /** Shows the pane, with the details of this download. */
  open(id: number): void {
    this.#setShown(true);
    this.#watch(id);
  }

  /** Shows the details of the row that was selected, if the pane is shown. */
  follow(id: number): void {
    if (this.#shown && id !== this.id) this.#watch(id);
  }

  /** Shows the pane, with the details of this download if there is one; or hides it. */
  toggle(id: number | undefined): void {
    if (this.#shown) this.close();
    else if (id === undefined) this.#setShown(true);
    else this.open(id);
  }

  #watch(id: number): void {
    this.#show(id);
    this.#failures.watch(this.watch.open(id), m.window_not_details);
  }

  /** Restarts the watch after its channels may have lost messages. */
  reopen(): void {
    this.#failures.watch(this.watch.reopen(), m.window_not_details);
  }

  /** Hides the pane. */
  close(): void {
    this.#setShown(false);
    this.empty();
  }

  /** Shows no download: it has left the list. */
  empty(): void {
    this.id = undefined;
    save(openKey, null);
    this.watch.close();
  }

  /**
   * Adds a download, watched from its first event on. Throws an IpcError, which the dialog shows beside the field.
   * `select`: selects it, so that the pane shows its details if it is shown at all. `replaced`: the download whose place
   * it takes.
   */
  async add(url: string, options: DownloadOptions, select: boolean, replaced?: number): Promise<void> {
    const show = select && this.#shown;
    const id = await this.watch.add(url, options, show, replaced);
    if (replaced !== undefined && this.id === replaced) this.empty();
    if (show) this.#show(id);
    if (select) this.#selection.selectOnly(id);
  }

  #show(id: number): void {
    this.id = id;
    save(openKey, id);
  }

  #setShown(shown: boolean): void {
    this.#shown = shown;
    save(shownKey, shown);
  }

  #restore(id: number): void {
    this.id = id;
    this.#selection.selectOnly(id);
    this.watch.open(id).catch(() => this.empty());
  }
}
