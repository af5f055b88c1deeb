// Dragging rows of the queue to another place, with the pointer. Knows the desk's queue, and rows by their `data-id`.
import { find } from "../../lib/rows.ts";
import type { Desk } from "./app-store.svelte.ts";

/** Less is a click. */
const slack = 6;

export class Drag {
  /** Where they would be dropped. */
  over = $state.raw<{ id: number; at: "before" | "after" } | undefined>();
  #desk: Desk;
  #moved = false;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Whether the click that follows was the end of a drag. */
  taken(): boolean {
    const moved = this.#moved;
    this.#moved = false;
    return moved;
  }

  begin(down: PointerEvent, id: number): void {
    this.#moved = false;
    const move = (event: PointerEvent): void => {
      if (!this.#moved && Math.abs(event.clientY - down.clientY) < slack) return;
      if (!this.#moved && !this.#desk.selection.ids.has(id)) this.#desk.selection.only(id);
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
      if (over !== undefined) this.#desk.drop(this.#desk.selected, over.at, over.id);
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
    const place = find(this.#desk.list.rows, id)?.place ?? null;
    if (place === null || this.#desk.selection.ids.has(id)) return undefined;
    const box = row.getBoundingClientRect();
    return { id, at: event.clientY < box.top + box.height / 2 ? "before" : "after" };
  }
}
