// Drags the files of finished rows to other programs: tells when a drag begins; the system does the rest. Knows rows, not
// paths.
import type { FileStates } from "../../lib/file-states.svelte.ts";
import type { Row } from "../../lib/api.ts";
import type { Selection } from "../../lib/selection.svelte.ts";

/** A shorter movement is a click; in px. */
const dragThreshold = 6;

export class FileDrag {
  #selection: Selection;
  #files: FileStates;
  #start: (rows: readonly Row[]) => void;

  constructor(selection: Selection, files: FileStates, start: (rows: readonly Row[]) => void) {
    this.#selection = selection;
    this.#files = files;
    this.#start = start;
  }

  has(row: Row): boolean {
    return row.allows.open && !this.#files.isMissing(row);
  }

  /** The system takes the pointer, so that the page sees neither the release nor a click. */
  begin(down: PointerEvent, row: Row): void {
    const end = (): void => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", end);
      window.removeEventListener("pointercancel", end);
    };
    const move = (event: PointerEvent): void => {
      const distance = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY);
      if (distance < dragThreshold) return;
      end();
      // All that are selected, or the one that is not.
      if (!this.#selection.ids.has(row.id)) this.#selection.selectOnly(row.id);
      this.#start(this.#selection.rows.filter((one) => this.has(one)));
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", end);
  }
}
