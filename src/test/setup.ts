// APIs that the components need and jsdom lacks. The stubs do nothing that could make a test pass.
import { cleanup } from "@testing-library/svelte";
import { afterAll, afterEach, vi } from "vitest";

class StillObserver implements ResizeObserver {
  observe(): void {
    return;
  }
  unobserve(): void {
    return;
  }
  disconnect(): void {
    return;
  }
}

class PlainPointerEvent extends MouseEvent {
  readonly pointerType: string;

  constructor(type: string, init: PointerEventInit = {}) {
    super(type, init);
    this.pointerType = init.pointerType ?? "";
  }
}

window.PointerEvent = PlainPointerEvent as typeof PointerEvent;
window.ResizeObserver = StillObserver;
window.matchMedia = (media: string): MediaQueryList => {
  const list = Object.assign(new EventTarget(), {
    matches: false,
    media,
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined,
  });
  return list as MediaQueryList;
};
// Transitions end immediately.
Element.prototype.animate = () => {
  const animation = {
    cancel: () => undefined,
    currentTime: 0,
    onfinish: null as (() => void) | null,
    effect: null,
  };
  queueMicrotask(() => animation.onfinish?.());
  return animation as unknown as Animation;
};
Element.prototype.scrollIntoView = () => undefined;

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  localStorage.clear();
  sessionStorage.clear();
});

// What a component leaves to a timer (a dialog gives scrolling back a moment later) must not run when the document of its
// file's tests is gone.
const timers = new Set<ReturnType<typeof setTimeout>>();
const start = globalThis.setTimeout;
globalThis.setTimeout = ((...given: Parameters<typeof start>) => {
  const timer = start(...given);
  timers.add(timer);
  return timer;
}) as typeof start;
afterAll(() => {
  for (const timer of timers) clearTimeout(timer);
});
