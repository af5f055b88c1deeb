// Runs long work in slices, so that the page answers to its user between them. The work is a generator that yields
// wherever it may be interrupted; it does not see whether it is. Knows nothing of the work.

/** Work of many short steps, with a result. */
export type Steps<T> = Generator<undefined, T>;

/** Longest slice, in ms: half a frame at 60 per second; the rest of it is for the browser. One step may exceed it. */
const slice = 8;

/** Runs all steps in one piece. */
export function runAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/**
 * Runs the steps in slices, the first of them later. Undefined when `signal` was aborted meanwhile: then no step is run
 * any more.
 */
export async function runInSlices<T>(steps: Steps<T>, signal: AbortSignal): Promise<T | undefined> {
  // A timer is delayed by 4 ms, and in a hidden page by a second.
  const { port1, port2 } = new MessageChannel();
  const nextTask = (): Promise<void> =>
    new Promise((resolve) => {
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    });
  try {
    for (;;) {
      await nextTask();
      const end = performance.now() + slice;
      do {
        if (signal.aborted) return undefined;
        const { done, value } = steps.next();
        if (done === true) return value;
      } while (performance.now() < end);
    }
  } finally {
    port1.close();
  }
}
