// Which finished files are no longer where they were saved, and what this system can do with files. The core is asked
// about the rows on the screen only, one request at a time. Knows no component.
import * as api from "./api.ts";
import type { PlatformInfo, Row } from "./api.ts";

/** Looks again at the same rows; in ms. */
const lookEvery = 10_000;
/** Waits for the end of a scroll; in ms. */
const settled = 200;
/** As many as the core looks at in one request. */
const maxFiles = 200;

export class FileStates {
  /** What this system can do; undefined until the core has said so. */
  platform = $state.raw<PlatformInfo | undefined>();
  #missing = $state.raw<ReadonlySet<number>>(new Set());
  #visible: readonly number[] = [];
  #asking = false;
  #again = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Starts; returns a function that stops it. */
  start(): () => void {
    api.platform().then(
      (platform) => (this.platform = platform),
      () => undefined,
    );
    const timer = setInterval(this.look, lookEvery);
    window.addEventListener("focus", this.look);
    document.addEventListener("visibilitychange", this.look);
    return () => {
      clearInterval(timer);
      clearTimeout(this.#timer);
      window.removeEventListener("focus", this.look);
      document.removeEventListener("visibilitychange", this.look);
    };
  }

  /** Whether the file of a finished download was moved or deleted. */
  isMissing(row: Row): boolean {
    return row.phase === "done" && this.#missing.has(row.id);
  }

  /** The core has just found that this file is gone. */
  setMissing(id: number): void {
    this.#missing = new Set([...this.#missing, id]);
  }

  /** The rows on the screen. */
  setVisible(rows: readonly Row[]): void {
    const done = rows.filter((row) => row.phase === "done").map((row) => row.id);
    const known = new Set(this.#visible);
    this.#visible = done.slice(0, maxFiles);
    if (done.every((id) => known.has(id))) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.look, settled);
  }

  /** Asks the core again. */
  look = (): void => {
    if (document.visibilityState !== "visible" || this.#visible.length === 0) return;
    if (this.#asking) this.#again = true;
    else void this.#ask();
  };

  async #ask(): Promise<void> {
    this.#asking = true;
    const ids = this.#visible;
    try {
      const missing = new Set(await api.missingFiles([...ids]));
      const before = this.#missing;
      if (ids.some((id) => before.has(id) !== missing.has(id))) {
        // Rows that are not on the screen stay as they were.
        this.#missing = new Set([...[...before].filter((id) => !ids.includes(id)), ...missing]);
      }
    } catch {
      // The core is ending, or its list is being read again: as it was.
    } finally {
      this.#asking = false;
    }
    if (!this.#again) return;
    this.#again = false;
    this.look();
  }
}
