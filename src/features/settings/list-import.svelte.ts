// An import of a list: reads a file or the clipboard, has the core say what it would add, and has it added. Knows no
// markup.
import * as api from "../../lib/api.ts";
import type { ImportReport } from "../../lib/api.ts";
import { errorText } from "../../lib/labels.ts";
import { m } from "../../paraglide/messages.js";

/** As in the core, which refuses a longer file too; checked here so that it is not read in vain. */
const maxBytes = 16 * 2 ** 20;

export class ListImport {
  /** What would be added, once a file was read. */
  plan = $state.raw<ImportReport | undefined>();
  /** What the last import has done. */
  done = $state.raw<ImportReport | undefined>();
  paused = $state(false);
  finished = $state(false);
  error = $state("");
  busy = $state(false);
  #text = "";

  async readFile(file: File): Promise<void> {
    if (file.size > maxBytes) {
      this.close();
      this.error = m.data_import_too_long();
      return;
    }
    await this.#start(() => file.text());
  }

  async readClipboard(): Promise<void> {
    await this.#start(() => api.clipboard());
    if (this.error === "" && this.#text.trim() === "") {
      this.close();
      this.error = m.data_import_no_text();
    }
  }

  /** Changes how the downloads are added, and looks again at what would be. */
  async choose(options: { paused?: boolean; finished?: boolean }): Promise<void> {
    this.paused = options.paused ?? this.paused;
    this.finished = options.finished ?? this.finished;
    await this.#look();
  }

  async carryOut(): Promise<void> {
    await this.#attempt(async () => {
      const report = await api.importList(this.#text, { paused: this.paused, finished: this.finished });
      this.close();
      this.done = report;
    });
  }

  close(): void {
    this.#text = "";
    this.plan = undefined;
    this.done = undefined;
    this.paused = false;
    this.finished = false;
    this.error = "";
  }

  async #start(read: () => Promise<string>): Promise<void> {
    this.close();
    await this.#attempt(async () => {
      this.#text = await read();
    });
    if (this.error === "" && this.#text.trim() !== "") await this.#look();
  }

  #look(): Promise<void> {
    return this.#attempt(async () => {
      this.plan = await api.readList(this.#text, { paused: this.paused, finished: this.finished });
    });
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.error = "";
    try {
      await work();
    } catch (error) {
      this.error = errorText(api.toIpcError(error));
    } finally {
      this.busy = false;
    }
  }
}
