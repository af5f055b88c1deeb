// The folders that need no folder dialog: the default one and those used last. Knows the core's commands, no markup.
import * as api from "../../lib/api.ts";
import type { Folder } from "../../lib/api.ts";
import { errorText } from "../../lib/labels.ts";

export class KnownFolders {
  /** Empty until they are known; then the folder dialog is the only way. */
  all = $state.raw<readonly Folder[]>([]);
  /** Why the folder dialog could not be shown. */
  refused = $state<string | null>(null);

  async load(): Promise<void> {
    const found = await Promise.all([api.defaultFolder(), api.recentFolders()]).catch(() => null);
    if (found !== null) this.all = [found[0], ...found[1]];
  }

  /** Null when the user has chosen none. */
  async pick(): Promise<Folder | null> {
    this.refused = null;
    try {
      return await api.pickFolder();
    } catch (error) {
      this.refused = errorText(api.toIpcError(error));
      return null;
    }
  }
}
