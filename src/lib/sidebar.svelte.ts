// Whether the sidebar is narrow: depends on the window's width until the user chooses. Stored in localStorage.
import { MediaQuery } from "svelte/reactivity";

const key = "millrace.sidebar";

export class Sidebar {
  #tight = new MediaQuery("max-width: 960px");
  #chosen = $state<"narrow" | "wide" | null>(null);

  constructor() {
    const kept = localStorage.getItem(key);
    if (kept === "narrow" || kept === "wide") this.#chosen = kept;
  }

  get narrow(): boolean {
    return this.#chosen === null ? this.#tight.current : this.#chosen === "narrow";
  }

  toggle(): void {
    this.#chosen = this.narrow ? "wide" : "narrow";
    localStorage.setItem(key, this.#chosen);
  }
}
