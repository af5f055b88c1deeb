// The time of day as state, for what counts down on the screen. Ticks only while somebody looks.
import { createSubscriber } from "svelte/reactivity";

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 1000);
  return () => clearInterval(timer);
});

/** Milliseconds since 1970; whoever reads it in a template is updated every second. */
export function now(): number {
  subscribe();
  return Date.now();
}
