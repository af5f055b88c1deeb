// Moves a column by dragging its heading, and changes its width by dragging its edge. Knows headings by their
// `data-heading`.
import { isColumnId, type ColumnId } from "../../lib/columns.ts";
import type { TableLayout } from "../../lib/table-layout.svelte.ts";

/** A shorter movement is a click; in px. */
const dragThreshold = 5;

/** Follows the pointer until it is released; Escape or a cancelled pointer gives up. */
function follow(move: (event: PointerEvent) => void, end: (dropped: boolean) => void): void {
  const finish = (dropped: boolean): void => {
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", drop);
    window.removeEventListener("pointercancel", cancel);
    window.removeEventListener("keydown", escape, true);
    end(dropped);
  };
  const drop = (): void => finish(true);
  const cancel = (): void => finish(false);
  const escape = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    finish(false);
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", drop);
  window.addEventListener("pointercancel", cancel);
  window.addEventListener("keydown", escape, true);
}

export class ColumnDrag {
  /** Where the dragged column would be dropped. */
  over = $state.raw<{ id: ColumnId; at: "before" | "after" } | undefined>();
  #table: TableLayout;
  #moved = false;

  constructor(table: TableLayout) {
    this.#table = table;
  }

  /** Whether the click that follows ended a drag. */
  wasDragged(): boolean {
    const moved = this.#moved;
    this.#moved = false;
    return moved;
  }

  begin(down: PointerEvent, id: ColumnId): void {
    this.#moved = false;
    const move = (event: PointerEvent): void => {
      if (!this.#moved && Math.abs(event.clientX - down.clientX) < dragThreshold) return;
      this.#moved = true;
      event.preventDefault();
      this.over = this.#under(event, id);
    };
    follow(move, (dropped) => {
      const { over } = this;
      this.over = undefined;
      if (dropped && over !== undefined) this.#table.move(id, over.id, over.at);
    });
  }

  #under(event: PointerEvent, dragged: ColumnId): { id: ColumnId; at: "before" | "after" } | undefined {
    const heading = document
      .elementFromPoint(event.clientX, event.clientY)
      ?.closest<HTMLElement>("[data-heading]");
    const id = heading?.dataset["heading"];
    if (heading == null || !isColumnId(id) || id === dragged) return undefined;
    const box = heading.getBoundingClientRect();
    const before = event.clientX < box.left + box.width / 2 !== rightToLeft(heading);
    return { id, at: before ? "before" : "after" };
  }

  /** `grows`: the side of the column on which its edge is. */
  resize(down: PointerEvent, id: ColumnId, grows: "start" | "end"): void {
    if (!(down.currentTarget instanceof HTMLElement)) return;
    const heading = down.currentTarget.closest<HTMLElement>("[data-heading]");
    if (heading === null) return;
    const before = heading.getBoundingClientRect().width;
    const way = (grows === "end" ? 1 : -1) * (rightToLeft(heading) ? -1 : 1);
    follow(
      (event) => {
        event.preventDefault();
        this.#table.resize(id, before + way * (event.clientX - down.clientX));
      },
      (dropped) => {
        if (!dropped) this.#table.resize(id, before);
      },
    );
  }
}

const rightToLeft = (element: Element): boolean => getComputedStyle(element).direction === "rtl";

/** Width that the widest text of a column on the screen needs, in px; undefined when there is none. */
export function fittingWidth(id: ColumnId, around: Element): number | undefined {
  const range = document.createRange();
  const widths = [...around.querySelectorAll(`[data-column="${id}"], [data-heading="${id}"] button`)].map(
    (cell) => {
      range.selectNodeContents(cell);
      return range.getBoundingClientRect().width;
    },
  );
  const most = Math.max(0, ...widths);
  return most === 0 ? undefined : Math.ceil(most) + 2;
}
