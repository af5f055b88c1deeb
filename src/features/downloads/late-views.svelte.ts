// Components that the first screen does without: they are loaded once that is shown, or when one is wanted before.
import type { Component } from "svelte";
import type DetailsView from "./Details.svelte";
import type SpeedPanelView from "./SpeedPanel.svelte";

class LateView<View extends Component<never>> {
  #view = $state.raw<View | undefined>();
  #load: () => Promise<{ default: View }>;
  #loading: Promise<void> | undefined;

  constructor(load: () => Promise<{ default: View }>) {
    this.#load = load;
  }

  load(): Promise<void> {
    this.#loading ??= this.#load().then(({ default: view }) => {
      this.#view = view;
    });
    return this.#loading;
  }

  /** Undefined while it is being loaded. */
  get now(): View | undefined {
    if (this.#view === undefined) void this.load();
    return this.#view;
  }
}

export const detailsView = new LateView<typeof DetailsView>(() => import("./Details.svelte"));
export const speedPanelView = new LateView<typeof SpeedPanelView>(() => import("./SpeedPanel.svelte"));

/** Loads them all, so that the first press does not wait. */
export const loadLateViews = (): Promise<unknown> => Promise.all([detailsView.load(), speedPanelView.load()]);
