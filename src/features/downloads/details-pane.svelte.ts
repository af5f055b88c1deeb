// The open details: of which download, which tab, and the watch on its events. Knows the core's commands, no markup.
import type { DownloadOptions, Row } from "../../lib/api.ts";
import { DownloadWatch } from "../../lib/download-watch.svelte.ts";
import type { FailureReporter } from "../../lib/failure-reporter.ts";
import { find, type Rows } from "../../lib/rows.ts";
import type { Selection } from "../../lib/selection.svelte.ts";
import { m } from "../../paraglide/messages.js";

const openKey = "millrace.open";

export class DetailsPane {
  /** The download whose details are open. */
  id = $state<number | undefined>();
  /** The selected tab. */
  tab = $state("overview");
  readonly watch = new DownloadWatch();
  #rows: () => Rows;
  #selection: Selection;
  #failures: FailureReporter;

  row: Row | undefined = $derived.by(() => (this.id === undefined ? undefined : find(this.#rows(), this.id)));

  constructor(rows: () => Rows, selection: Selection, failures: FailureReporter) {
    this.#rows = rows;
    this.#selection = selection;
    this.#failures = failures;
  }

  /** After a reload, opens the same details; returns a function that ends the watch. */
  start(): () => void {
    window.addEventListener("pagehide", this.watch.close);
    const remembered = Number(sessionStorage.getItem(openKey));
    if (remembered > 0) this.#restore(remembered);
    return () => {
      window.removeEventListener("pagehide", this.watch.close);
      this.watch.close();
    };
  }

  open(id: number): void {
    this.#show(id);
    this.#failures.watch(this.watch.open(id), m.window_not_details);
  }

  /** Restarts the watch after its channels may have lost messages. */
  reopen(): void {
    this.#failures.watch(this.watch.reopen(), m.window_not_details);
  }

  close(): void {
    this.id = undefined;
    sessionStorage.removeItem(openKey);
    this.watch.close();
  }

  /**
   * Adds a download, watched from its first event on. Throws an IpcError, which the dialog shows beside the field. `show`
   * opens its details.
   */
  async add(url: string, options: DownloadOptions, show: boolean): Promise<void> {
    const id = await this.watch.add(url, options, show);
    if (!show) return;
    this.#show(id);
    this.#selection.selectOnly(id);
  }

  #show(id: number): void {
    this.id = id;
    sessionStorage.setItem(openKey, String(id));
  }

  #restore(id: number): void {
    this.id = id;
    this.#selection.selectOnly(id);
    this.watch.open(id).catch(() => this.close());
  }
}
