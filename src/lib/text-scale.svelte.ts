// The system's text scale. Android multiplies the size of fonts and nothing else, so what
// holds a line of text in pixels has to grow along. The styles read `--text-scale`, and `data-text="large"` where what stood
// side by side has room only one below the other. Knows no view.

/** The probe's font, in `src/styles/base.css`. */
const probeFontSize = 20;
/** From this scale on text is large. */
export const largeScale = 1.25;

let scale = $state(1);

/** 1 where text is as large as it is written. */
export const textScale = (): number => scale;

/** Starts; returns what ends it. */
export function watchTextScale(): () => void {
  const root = document.documentElement;
  const probe = document.createElement("div");
  probe.className = "text-scale-probe";
  probe.textContent = "A";
  probe.ariaHidden = "true";
  document.body.append(probe);
  const look = (): void => {
    scale = probe.offsetHeight > 0 ? probe.offsetHeight / probeFontSize : 1;
    root.style.setProperty("--text-scale", String(scale));
    if (scale >= largeScale) root.dataset["text"] = "large";
    else delete root.dataset["text"];
  };
  const observer = new ResizeObserver(look);
  observer.observe(probe);
  look();
  return () => {
    observer.disconnect();
    probe.remove();
  };
}
