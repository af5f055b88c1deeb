// The system's text scale. Font sizes follow it, by rem or as Android scales them, and nothing else does, so heights in
// pixels that hold a line of text have to be scaled here. The styles read `--text-scale`, and `data-text="large"` where a horizontal layout has to be
// stacked. Knows no view.

/** Font size of the probe element in `src/styles/base.css` at the usual text size, in px. */
const probeFontSize = 13;
/** From this scale on, text counts as large. */
export const largeScale = 1.25;

let scale = $state(1);

/** 1 when the system does not scale text. */
export const textScale = (): number => scale;

/** Starts; returns a function that stops it. */
export function watchTextScale(): () => void {
  const root = document.documentElement;
  const probe = document.createElement("div");
  probe.className = "text-scale-probe";
  probe.textContent = "A";
  probe.ariaHidden = "true";
  document.body.append(probe);
  const look = (): void => {
    const { height } = probe.getBoundingClientRect();
    scale = height > 0 ? height / probeFontSize : 1;
    root.style.setProperty("--text-scale", String(scale));
    if (scale >= largeScale) root.dataset["text"] = "large";
    else delete root.dataset["text"];
  };
  // Called before the first frame too: asking for the height now would have the page laid out once more.
  const observer = new ResizeObserver(look);
  observer.observe(probe);
  return () => {
    observer.disconnect();
    probe.remove();
  };
}
