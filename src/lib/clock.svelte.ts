// The current time as reactive state, for countdowns. Ticks only while it is read.
import { createSubscriber } from "svelte/reactivity";

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 1000);
  return () => clearInterval(timer);
});
const subscribeToMinutes = createSubscriber((update) => {
  const timer = setInterval(update, 60_000);
  return () => clearInterval(timer);
});

/** Milliseconds since 1970; a template that reads it is updated every second. */
export function now(): number {
  subscribe();
  return Date.now();
}

/** The same, updated every minute: for what depends on the day. */
export function today(): number {
  subscribeToMinutes();
  return Date.now();
}
