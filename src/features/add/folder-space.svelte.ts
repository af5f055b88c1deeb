// How much is free in the folder that was asked about last. Knows the core's command, no markup.
import * as api from "../../lib/api.ts";

export class FolderSpace {
  #asked = $state.raw<{ folder: string; free: number | null } | undefined>();

  /** Free bytes; null while that is unknown. */
  of(folder: string | undefined): number | null {
    return this.#asked?.folder === folder ? (this.#asked?.free ?? null) : null;
  }

  ask(folder: string): void {
    if (this.#asked?.folder === folder) return;
    this.#asked = { folder, free: null };
    api.freeInFolder(folder).then(
      (free) => {
        if (this.#asked?.folder === folder) this.#asked = { folder, free };
      },
      // Not knowing it prevents nothing.
      () => undefined,
    );
  }
}
