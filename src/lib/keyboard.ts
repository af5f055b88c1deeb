// Measures how much of the page an on-screen keyboard overlays, as `--keyboard` for the styles; zero where the system
// resizes the page instead. In both cases keeps the focused field visible. Knows no view.

/** Every keyboard is higher; a zoomed page may differ by a few pixels of rounding. */
const minKeyboardHeight = 60;

/** Starts; returns a function that stops it. */
export function watchKeyboard(): () => void {
  const seen = window.visualViewport;
  if (!seen) return () => undefined;
  const style = document.documentElement.style;
  let before = Infinity;
  const look = (): void => {
    // Pinch zoom shrinks the visual viewport too.
    if (Math.abs(seen.scale - 1) > 0.01) return;
    const short = Math.round(window.innerHeight - seen.height);
    const covered = short < minKeyboardHeight ? 0 : short;
    style.setProperty("--keyboard", `${covered}px`);
    // On Android the app reports the keyboard's height and then fires the resize event: `Insets.kt`.
    const told = Number.parseFloat(style.getPropertyValue("--inset-keyboard")) || 0;
    const free = Math.min(seen.height, window.innerHeight - told);
    if (free < before) {
      // The layout ends above the keyboard now: undoes the scrolling by which the system revealed the field.
      if (covered > 0) window.scrollTo(0, 0);
      const field = document.activeElement;
      if (field?.matches("input, textarea") === true) field.scrollIntoView({ block: "nearest" });
    }
    before = free;
  };
  seen.addEventListener("resize", look);
  window.addEventListener("resize", look);
  // Called before the first frame too: asking for the size now would have the page laid out once more.
  const first = requestAnimationFrame(look);
  return () => {
    cancelAnimationFrame(first);
    seen.removeEventListener("resize", look);
    window.removeEventListener("resize", look);
    style.removeProperty("--keyboard");
  };
}
