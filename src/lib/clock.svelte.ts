// The current time as reactive state, for countdowns. Ticks only while it is read.
import { createSubscriber } from "svelte/reactivity";

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 1000);
  return () => clearInterval(timer);
});

/** Milliseconds since 1970; a template that reads it is updated every second. */
export function now(): number {
  subscribe();
  return Date.now();
}
