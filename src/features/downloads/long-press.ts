// Recognises a long press by touch. Knows the pressed row, not the action.

/** In ms. */
const pressDuration = 450;
/** A finger that moves further is scrolling; in px. */
const moveTolerance = 8;

export class LongPress {
  #long: (id: number) => void;
  #done = false;

  constructor(onlong: (id: number) => void) {
    this.#long = onlong;
  }

  /** Whether the click that follows ended a long press. */
  wasLongPress(): boolean {
    const done = this.#done;
    this.#done = false;
    return done;
  }

  begin(down: PointerEvent, id: number): void {
    this.#done = false;
    const timer = setTimeout(() => {
      this.#done = true;
      end();
      this.#long(id);
    }, pressDuration);
    const move = (event: PointerEvent): void => {
      if (Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) > moveTolerance) end();
    };
    const end = (): void => {
      clearTimeout(timer);
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", end);
      window.removeEventListener("pointercancel", end);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", end);
  }
}
