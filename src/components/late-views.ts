// The components of bits-ui that the first screen does without, a third of its code.
import { LateView } from "./late-view.svelte.ts";
import type MenuView from "./Menu.svelte";
import type BubbleView from "./TooltipBubble.svelte";

export const menuView = new LateView<typeof MenuView>(() => import("./Menu.svelte"));
export const tooltipView = new LateView<typeof BubbleView>(() => import("./TooltipBubble.svelte"));
