// Reorders the queue by dragging rows with the pointer. Knows the queue, and rows by their `data-id`.
import { find, type Rows } from "../../lib/rows.ts";
import type { Selection } from "../../lib/selection.svelte.ts";
import type { DownloadActions } from "./download-actions.ts";

/** A shorter movement is a click; in px. */
const dragThreshold = 6;

export class RowDrag {
  /** The drop target. */
  over = $state.raw<{ id: number; at: "before" | "after" } | undefined>();
  #rows: () => Rows;
  #selection: Selection;
  #actions: DownloadActions;
  #moved = false;

  constructor(rows: () => Rows, selection: Selection, actions: DownloadActions) {
    this.#rows = rows;
    this.#selection = selection;
    this.#actions = actions;
  }

  /** Whether the click that follows ended a drag. */
  wasDragged(): boolean {
    const moved = this.#moved;
    this.#moved = false;
    return moved;
  }

  begin(down: PointerEvent, id: number): void {
    this.#moved = false;
    const move = (event: PointerEvent): void => {
      if (!this.#moved && Math.abs(event.clientY - down.clientY) < dragThreshold) return;
      if (!this.#moved && !this.#selection.ids.has(id)) this.#selection.selectOnly(id);
      this.#moved = true;
      event.preventDefault();
      this.over = this.#under(event);
    };
    const end = (): void => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", drop);
      window.removeEventListener("pointercancel", end);
      window.removeEventListener("keydown", escape, true);
      this.over = undefined;
    };
    const drop = (): void => {
      const { over } = this;
      end();
      if (over !== undefined) this.#actions.drop(this.#selection.rows, over.at, over.id);
    };
    const escape = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      end();
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", drop);
    window.addEventListener("pointercancel", end);
    window.addEventListener("keydown", escape, true);
  }

  #under(event: PointerEvent): { id: number; at: "before" | "after" } | undefined {
    const row = document
      .elementFromPoint(event.clientX, event.clientY)
      ?.closest<HTMLElement>("[data-testid=download-row]");
    if (row === null || row === undefined) return undefined;
    const id = Number(row.dataset["id"]);
    const place = find(this.#rows(), id)?.place ?? null;
    if (place === null || this.#selection.ids.has(id)) return undefined;
    const box = row.getBoundingClientRect();
    return { id, at: event.clientY < box.top + box.height / 2 ? "before" : "after" };
  }
}
