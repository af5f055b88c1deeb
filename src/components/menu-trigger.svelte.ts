// What opens a menu or a popover: plain elements that are there from the first screen on, while what they open is drawn by
// bits-ui and loaded late. They behave like bits-ui's triggers, which are not used since they need it at the start.
import { createAttachmentKey } from "svelte/attachments";

/** How long a finger rests until it opens a context menu, where the system does not report that; in ms. */
const longPress = 700;

let triggers = 0;

/** Whether something is open, kept by others. */
type Open = { get: () => boolean; set: (open: boolean) => void };

/** What the trigger and its content share. */
class Trigger {
  /** Opened by a pointer; otherwise the first item gets the focus. */
  byPointer = false;
  readonly contentId = `opened-${String((triggers += 1))}`;
  #open = $state(false);
  readonly #kept: Open | undefined;
  #element = $state.raw<HTMLElement | undefined>();
  readonly #attach = {
    [createAttachmentKey()]: (element: HTMLElement) => {
      this.#element = element;
      return () => {
        this.#element = undefined;
        this.open = false;
      };
    },
  };

  /** Without `kept`, it keeps itself whether it is open. */
  constructor(kept?: Open) {
    this.#kept = kept;
  }

  get open(): boolean {
    return this.#kept?.get() ?? this.#open;
  }
  set open(open: boolean) {
    if (this.#kept) this.#kept.set(open);
    else this.#open = open;
  }

  /** The trigger; undefined while it is not on the page. */
  get element(): HTMLElement | undefined {
    return this.#element;
  }

  protected get common() {
    return { "data-state": this.open ? "open" : "closed", ...this.#attach };
  }
}

/** The attributes and listeners of a button that opens something. */
class ButtonTrigger extends Trigger {
  protected toggle(event: Event): void {
    this.byPointer = event.type !== "keydown";
    this.open = !this.open;
  }

  protected state(popup: "menu" | "dialog") {
    return {
      ...this.common,
      "aria-haspopup": popup,
      "aria-expanded": this.open,
      "aria-controls": this.open ? this.contentId : undefined,
    };
  }
}

/** A button with a popover. */
export class PopoverButton extends ButtonTrigger {
  readonly #listeners = {
    onclick: (event: MouseEvent) => this.toggle(event),
    onkeydown: (event: KeyboardEvent) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.toggle(event);
    },
  };

  props = $derived({ ...this.state("dialog"), ...this.#listeners });
}

/** A button with a menu, which opens as soon as it is pressed, so that one movement presses, drags and chooses. */
export class MenuButton extends ButtonTrigger {
  readonly #listeners = {
    onpointerdown: (event: PointerEvent) => {
      // The finger may be about to scroll.
      if (event.pointerType === "touch") event.preventDefault();
      else if (event.button === 0 && !event.ctrlKey) {
        this.toggle(event);
        if (!this.open) event.preventDefault();
      }
    },
    onpointerup: (event: PointerEvent) => {
      if (event.pointerType !== "touch") return;
      event.preventDefault();
      this.toggle(event);
    },
    onclick: (event: MouseEvent) => {
      // Only by a screen reader: of a press the listeners above have heard already.
      if (event.detail !== 0) return;
      this.toggle(event);
      event.preventDefault();
    },
    onkeydown: (event: KeyboardEvent) => {
      if (event.key === "Enter" || event.key === " ") this.toggle(event);
      else if (event.key === "ArrowDown") {
        this.byPointer = false;
        this.open = true;
      } else return;
      event.preventDefault();
    },
  };

  props = $derived({ ...this.state("menu"), ...this.#listeners });
}

/** An area with a context menu, at the place of the pointer. */
export class ContextArea extends Trigger {
  #place = $state.raw({ x: 0, y: 0 });
  #resting: ReturnType<typeof setTimeout> | undefined;

  readonly #moved = (event: PointerEvent): void => {
    if (event.pointerType !== "mouse") clearTimeout(this.#resting);
  };
  readonly #listeners = {
    oncontextmenu: (event: MouseEvent) => {
      if (event.defaultPrevented) return;
      clearTimeout(this.#resting);
      // An event that a key has caused is sent by the page.
      this.#openAt(event, event.isTrusted);
      event.preventDefault();
      // Of a menu that is open and moves, no item stays chosen.
      document.getElementById(this.contentId)?.focus();
    },
    onpointerdown: (event: PointerEvent) => {
      if (event.pointerType === "mouse") return;
      clearTimeout(this.#resting);
      this.#resting = setTimeout(() => this.#openAt(event, true), longPress);
    },
    onpointermove: this.#moved,
    onpointercancel: this.#moved,
    onpointerup: this.#moved,
  };

  props = $derived({
    ...this.common,
    ...this.#listeners,
    // By it bits-ui knows the right button's presses; while a menu is open, it takes the pointer from all else.
    "data-context-menu-trigger": "",
    style: "pointer-events: auto;",
    tabindex: -1,
  });
  /** Where the menu opens. */
  anchor = $derived.by(() => {
    const { x, y } = this.#place;
    return { getBoundingClientRect: () => new DOMRect(x, y, 0, 0) };
  });

  #openAt({ clientX: x, clientY: y }: MouseEvent, byPointer: boolean): void {
    this.#place = { x, y };
    this.byPointer = byPointer;
    this.open = true;
  }
}
