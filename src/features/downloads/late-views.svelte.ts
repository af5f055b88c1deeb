// Components that the first screen does without: they are loaded once that is shown, or when one is wanted before.
import { LateView } from "../../components/late-view.svelte.ts";
import { menuView, tooltipView } from "../../components/late-views.ts";
import type DetailsView from "./Details.svelte";
import type LimitPopoverView from "./LimitPopover.svelte";

export const detailsView = new LateView<typeof DetailsView>(() => import("./Details.svelte"));
export const limitPopoverView = new LateView<typeof LimitPopoverView>(() => import("./LimitPopover.svelte"));

/** Loads them all, so that the first press does not wait. */
export const loadLateViews = (): Promise<unknown> =>
  Promise.all([detailsView, menuView, tooltipView, limitPopoverView].map((view) => view.load()));
