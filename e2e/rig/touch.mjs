// Has the page hear a finger. WebKitGTK's driver is told of one (`pointerType: "touch"`) and moves its mouse all the same: what
// comes of that is taken at the window's edge, and handed on as a finger's. Hit, time and order are real; that a finger
// scrolls by itself is not there.

/** From now on, and until the page is loaded anew. */
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

/** What has pressed on the page since: "touch" for each finger. */
export const pressed = (page) => page.run("return window.pointers");
