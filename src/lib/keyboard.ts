// How much of the page a keyboard covers that lies over it, as `--keyboard` for the styles. Where the system makes the page
// smaller instead, nothing is covered. Either way the field that is typed into stays in sight. Knows no view.

/** No keyboard is lower; what a magnified page is short of by rounding is. */
const minKeyboardHeight = 60;

/** Starts; returns what ends it. */
export function watchKeyboard(): () => void {
  const seen = window.visualViewport;
  if (!seen) return () => undefined;
  const style = document.documentElement.style;
  let before = Infinity;
  const look = (): void => {
    // Two fingers that enlarge the page show less of it too.
    if (Math.abs(seen.scale - 1) > 0.01) return;
    const short = Math.round(window.innerHeight - seen.height);
    const covered = short < minKeyboardHeight ? 0 : short;
    style.setProperty("--keyboard", `${covered}px`);
    // What the app tells of it instead, with this event: `Insets.kt`.
    const told = Number.parseFloat(style.getPropertyValue("--inset-keyboard")) || 0;
    const free = Math.min(seen.height, window.innerHeight - told);
    if (free < before) {
      // All of it stands above the keyboard now: what the system has moved for the field goes back.
      if (covered > 0) window.scrollTo(0, 0);
      const field = document.activeElement;
      if (field?.matches("input, textarea") === true) field.scrollIntoView({ block: "nearest" });
    }
    before = free;
  };
  seen.addEventListener("resize", look);
  window.addEventListener("resize", look);
  look();
  return () => {
    seen.removeEventListener("resize", look);
    window.removeEventListener("resize", look);
    style.removeProperty("--keyboard");
  };
}
