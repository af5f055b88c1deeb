// How much larger than usual the system shows all text: Android multiplies the size of fonts and nothing else, so what
// holds a line of text in pixels has to grow along. The styles read `--letters`, and `data-text="large"` where what stood
// side by side has room only one below the other. Knows no view.

/** The probe's font, in `src/styles/base.css`. */
const usual = 20;
/** From here on text is large. */
export const large = 1.25;

let scale = $state(1);

/** 1 where text is as large as it is written. */
export const letters = (): number => scale;

/** Starts; returns what ends it. */
export function watchLetters(): () => void {
  const root = document.documentElement;
  const probe = document.createElement("div");
  probe.className = "letters";
  probe.textContent = "A";
  probe.ariaHidden = "true";
  document.body.append(probe);
  const look = (): void => {
    scale = probe.offsetHeight > 0 ? probe.offsetHeight / usual : 1;
    root.style.setProperty("--letters", String(scale));
    if (scale >= large) root.dataset["text"] = "large";
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
