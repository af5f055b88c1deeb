// Lets a finger pull a drawer down by its handle: far or fast enough, it is dismissed; otherwise it springs back. Knows
// the two elements, not what the drawer holds.
import type { Attachment } from "svelte/attachments";

/** A drawer that is let go further down than this is dismissed; in px. */
const dismissDistance = 96;
/** One that is let go while it moves down faster is dismissed too; in px per ms. */
const dismissSpeed = 0.6;

/** Attached to the handle; `drawer` is the element that moves. */
export function dragToDismiss(
  drawer: () => HTMLElement | null,
  dismiss: () => void,
): Attachment<HTMLElement> {
  return (handle) => {
    const down = (start: PointerEvent): void => {
      const moving = drawer();
      if (moving === null || !start.isPrimary || start.button !== 0) return;
      if (start.target instanceof Element && start.target.closest("button") !== null) return;
      let last = start;
      let by = 0;
      let speed = 0;
      const move = (event: PointerEvent): void => {
        const passed = event.timeStamp - last.timeStamp;
        if (passed > 0) speed = (event.clientY - last.clientY) / passed;
        last = event;
        by = Math.max(0, event.clientY - start.clientY);
        moving.style.transition = "none";
        moving.style.translate = `0 ${by}px`;
      };
      const end = (): void => {
        handle.removeEventListener("pointermove", move);
        handle.removeEventListener("pointerup", up);
        handle.removeEventListener("pointercancel", end);
        moving.style.removeProperty("transition");
        moving.style.removeProperty("translate");
      };
      const up = (): void => {
        const far = by > dismissDistance || (by > 0 && speed > dismissSpeed);
        // It stays where it is until it is gone.
        if (far) dismiss();
        else end();
      };
      handle.setPointerCapture(start.pointerId);
      handle.addEventListener("pointermove", move);
      handle.addEventListener("pointerup", up);
      handle.addEventListener("pointercancel", end);
    };
    handle.addEventListener("pointerdown", down);
    return () => handle.removeEventListener("pointerdown", down);
  };
}
