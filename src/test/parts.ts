// The parts of the page's state without the window around them, for tests. Never part of the build.
import { compose } from "../composition-root.ts";
import * as keys from "../features/downloads/context-keys.ts";

export type Parts = ReturnType<typeof compose>;

/** The parts, and the context that gives some of them to a component that is rendered alone. */
export function makeParts(): { parts: Parts; context: Map<symbol, unknown> } {
  const parts = compose();
  const context = new Map<symbol, unknown>([
    [keys.actionsKey.symbol, parts.actions],
    [keys.removalKey.symbol, parts.removal],
    [keys.detailsKey.symbol, parts.details],
    [keys.selectionKey.symbol, parts.selection],
    [keys.tableKey.symbol, parts.table],
    [keys.fileStatesKey.symbol, parts.files],
    [keys.thumbnailsKey.symbol, parts.thumbnails],
    [keys.segmentMapsKey.symbol, parts.segmentMaps],
  ]);
  return { parts, context };
}
