// Reorders the queue by dragging rows with the pointer. Knows the store's queue, and rows by their `data-id`.
import { find } from "../../lib/rows.ts";
import type { AppStore } from "./app-store.svelte.ts";

/** A shorter movement is a click; in px. */
const dragThreshold = 6;

export class RowDrag {
  /** The drop target. */
  over = $state.raw<{ id: number; at: "before" | "after" } | undefined>();
  #store: AppStore;
  #moved = false;

  constructor(store: AppStore) {
    this.#store = store;
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
      if (!this.#moved && !this.#store.selection.ids.has(id)) this.#store.selection.selectOnly(id);
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
      if (over !== undefined) this.#store.drop(this.#store.selected, over.at, over.id);
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
    const place = find(this.#store.list.rows, id)?.place ?? null;
    if (place === null || this.#store.selection.ids.has(id)) return undefined;
    const box = row.getBoundingClientRect();
    return { id, at: event.clientY < box.top + box.height / 2 ? "before" : "after" };
  }
}
