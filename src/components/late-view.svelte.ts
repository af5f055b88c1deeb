// A component that the first screen does without: it is loaded once that is shown, or when it is wanted before.
import type { Component } from "svelte";

export class LateView<View extends Component<never>> {
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

  /** Undefined until it is loaded, which this does not begin. */
  get loaded(): View | undefined {
    return this.#view;
  }
}
