// The last press of a pointer, until a key is used: where it was, and whether it is the second half of a double click. The
// styles read `data-pressed` of the page: a focus that a press moves into the list needs no ring. Knows no view.

/** Two presses at one place within this time are one double click; in ms. */
const doubleClickTime = 400;
/** How far a hand moves between them; in px. */
const doubleClickRadius = 6;

/** `by` is the type of the pointer: mouse, pen or touch. */
export type Press = { x: number; y: number; at: number; by: string };

export class LastPress {
  /** Undefined while the keyboard is used. */
  now: Press | undefined;
  #before: Press | undefined;

  /** Whether the press before was at the same place, a moment ago: what is there now is not what the user meant. */
  get isRepeated(): boolean {
    const [before, now] = [this.#before, this.now];
    if (before === undefined || now === undefined) return false;
    const far = Math.hypot(now.x - before.x, now.y - before.y);
    return now.by === before.by && now.at - before.at < doubleClickTime && far <= doubleClickRadius;
  }

  /** Starts; returns a function that stops it. */
  start(): () => void {
    const root = document.documentElement;
    const pressed = ({ clientX: x, clientY: y, timeStamp: at, pointerType: by }: PointerEvent): void => {
      this.#before = this.now;
      this.now = { x, y, at, by };
      root.dataset["pressed"] = by;
    };
    const typed = (): void => {
      this.#before = undefined;
      this.now = undefined;
      delete root.dataset["pressed"];
    };
    addEventListener("pointerdown", pressed, true);
    addEventListener("keydown", typed, true);
    return () => {
      removeEventListener("pointerdown", pressed, true);
      removeEventListener("keydown", typed, true);
    };
  }
}
