// Removes downloads: asks first where files are involved, moves the selection on, and offers to undo it. Knows the core's
// commands, no markup.
import * as api from "../../lib/api.ts";
import type { RemoveMode, Row } from "../../lib/api.ts";
import type { FailureReporter } from "../../lib/failure-reporter.ts";
import { shortName } from "../../lib/format.ts";
import type { LastPress } from "../../lib/last-press.ts";
import type { ListQuery } from "../../lib/list-query.svelte.ts";
import type { Selection } from "../../lib/selection.svelte.ts";
import { m } from "../../paraglide/messages.js";
import type { DetailsPane } from "./details-pane.svelte.ts";
import type { Dialogs } from "./dialogs.svelte.ts";
import type { ListFocus } from "./list-focus.ts";
import type { UndoStack } from "./undo-stack.ts";

type Dependencies = {
  query: ListQuery;
  selection: Selection;
  details: DetailsPane;
  dialogs: Dialogs;
  listFocus: ListFocus;
  press: LastPress;
  undo: UndoStack;
  failures: FailureReporter;
};

export class Removal {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Asks first when finished files are involved; unfinished downloads are removed immediately. Both can be undone. The
   * second press of a double click is ignored: the list has closed up, and another row is under the pointer.
   */
  ask(rows: readonly Row[]): void {
    if (this.#deps.press.isRepeated) return;
    if (rows.some((row) => row.phase === "done")) this.#deps.dialogs.open({ kind: "remove", rows });
    else this.remove(rows, "keep");
  }

  remove(rows: readonly Row[], leftover: RemoveMode): void {
    const { query, selection, details, listFocus, press, undo, failures } = this.#deps;
    const ids = rows.map((row) => row.id);
    const next = selection.after(new Set(ids), query.order);
    // The next row is selected for the next key. Who points at rows selects them that way.
    if (next === undefined || press.now !== undefined) selection.clear();
    else selection.selectOnly(next);
    if (details.id !== undefined && ids.includes(details.id)) details.empty();
    selection.tapSelects = false;
    listFocus.restore();
    const go = async (): Promise<void> => {
      await api.removeMany(ids, leftover);
      const [one] = rows;
      if (one !== undefined && rows.length === 1) {
        const title = m.window_removed_one({ name: shortName(one.name) });
        undo.push(title, () => this.#undo(ids), m.window_removed_one(one));
      } else undo.push(m.window_removed({ count: rows.length }), () => this.#undo(ids));
    };
    failures.watch(go(), m.window_not_removed);
  }

  /** Offers to bring back a download that another one replaces; the new one is removed then, unless it is complete. */
  offerUndoReplace(id: number, name: string): void {
    const title = m.adding_replaced({ name: shortName(name) });
    this.#deps.undo.push(title, () => this.#undo([id]), m.adding_replaced({ name }));
  }

  #undo(ids: number[]): void {
    const { selection, listFocus, failures } = this.#deps;
    const [first] = ids;
    const go = async (): Promise<void> => {
      await api.undoRemove(ids);
      if (first !== undefined) selection.selectOnly(first);
      listFocus.restore();
    };
    failures.watch(go(), m.window_not_undone);
  }
}
