// Where the details are beside the list, and how large. Depends on the window's width until the user chooses.
// Remembered. Knows no markup.
import { MediaQuery } from "svelte/reactivity";
import { loadFields, save } from "./stored.ts";

const storageKey = "millrace.pane";

export type PanePlace = "side" | "below";

/** In px. */
export const paneWidths = { least: 300, most: 560, first: 356 };
export const paneHeights = { least: 160, most: 560, first: 300 };

const within = ({ least, most, first }: typeof paneWidths, size: unknown): number =>
  typeof size === "number" && Number.isFinite(size)
    ? Math.round(Math.min(most, Math.max(least, size)))
    : first;

export class PaneLayout {
  #wide = new MediaQuery("min-width: 1121px");
  /** Narrower than this the list would have no room beside the details. */
  #fits = new MediaQuery("min-width: 861px");
  #chosen = $state<PanePlace | null>(null);
  #width = $state(paneWidths.first);
  #height = $state(paneHeights.first);

  constructor() {
    const { place, width, height } = loadFields(storageKey);
    if (place === "side" || place === "below") this.#chosen = place;
    this.#width = within(paneWidths, width);
    this.#height = within(paneHeights, height);
  }

  #remember(): void {
    save(storageKey, { place: this.#chosen, width: this.#width, height: this.#height });
  }

  get place(): PanePlace {
    if (this.#chosen === null) return this.#wide.current ? "side" : "below";
    return this.#fits.current ? this.#chosen : "below";
  }
  set place(place: PanePlace) {
    this.#chosen = place;
    this.#remember();
  }

  /** At the side, in px. */
  get width(): number {
    return this.#width;
  }
  set width(width: number) {
    this.#width = within(paneWidths, width);
    this.#remember();
  }

  /** Below, in px. */
  get height(): number {
    return this.#height;
  }
  set height(height: number) {
    this.#height = within(paneHeights, height);
    this.#remember();
  }
}
