// Recognises a horizontal swipe over a row by touch: towards the end of the line for one action, towards its start for
// another. Knows rows by their id, not the actions.

/** A shorter movement is a tap; in px. */
const threshold = 12;
/** A swipe acts from this distance on; in px. */
export const actDistance = 96;

/** `toEnd`: the finger moves from the start of the line towards its end. */
export type SwipeWay = "toEnd" | "toStart";

export class RowSwipe {
  /** The swiped row and how far it has moved: positive towards the right, in px. */
  moved = $state.raw<{ id: number; by: number; way: SwipeWay } | undefined>();
  #can: (id: number, way: SwipeWay) => boolean;
  #act: (id: number, way: SwipeWay) => void;
  #swiped = false;

  constructor(can: (id: number, way: SwipeWay) => boolean, act: (id: number, way: SwipeWay) => void) {
    this.#can = can;
    this.#act = act;
  }

  /** Whether the click that follows ended a swipe. */
  wasSwiped(): boolean {
    const swiped = this.#swiped;
    this.#swiped = false;
    return swiped;
  }

  begin(down: PointerEvent, id: number): void {
    this.#swiped = false;
    const toRight = document.documentElement.dir === "rtl" ? "toStart" : "toEnd";
    const toLeft = toRight === "toEnd" ? "toStart" : "toEnd";
    const move = (event: PointerEvent): void => {
      const [dx, dy] = [event.clientX - down.clientX, event.clientY - down.clientY];
      if (this.moved === undefined) {
        // The list scrolls.
        if (Math.abs(dy) >= threshold && Math.abs(dy) >= Math.abs(dx)) end();
        if (Math.abs(dx) < threshold || Math.abs(dx) <= Math.abs(dy)) return;
        this.#swiped = true;
      }
      const way = dx > 0 ? toRight : toLeft;
      this.moved = { id, way, by: this.#can(id, way) ? dx : 0 };
    };
    const end = (): void => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", end);
      this.moved = undefined;
    };
    const up = (): void => {
      const { moved } = this;
      end();
      if (moved !== undefined && Math.abs(moved.by) >= actDistance) this.#act(id, moved.way);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", end);
  }
}
