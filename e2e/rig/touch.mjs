// Emulates touch. WebKitGTK's driver accepts touch pointers (`pointerType: "touch"`) but moves its mouse instead: those
// mouse events are intercepted on `window` and re-dispatched as touch events. Target, time and order are real;
// scrolling by touch is not emulated.

/** Applies until the page is reloaded. */
export const emulateTouch = (page) =>
  page.run(`
    window.pointers = [];
    for (const type of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) {
      window.addEventListener(type, (event) => {
        if (event.pointerType === "mouse") {
          event.stopImmediatePropagation();
          const { clientX, clientY, screenX, screenY, button, buttons } = event;
          const same = { clientX, clientY, screenX, screenY, button, buttons };
          const kind = { bubbles: true, cancelable: true, composed: true, isPrimary: true };
          const finger = new PointerEvent(type, { ...same, ...kind, pointerId: 2, pointerType: "touch" });
          if (!event.target.dispatchEvent(finger)) event.preventDefault();
        } else if (type === "pointerdown") window.pointers.push(event.pointerType);
      }, true);
    }
  `);

/** Pointer types of the presses on the page since then: "touch" for each touch. */
export const pressed = (page) => page.run("return window.pointers");
