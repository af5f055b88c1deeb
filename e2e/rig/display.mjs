// A private X display. Knows no window.
import { start } from "./processes.mjs";

/** Starts Xvfb on a free display number, which it finds itself. */
export async function startDisplay({ width = 1400, height = 1000 } = {}) {
  // `-displayfd 1` prints the number once the display accepts clients.
  const xvfb = start("Xvfb", [
    "-displayfd",
    "1",
    "-screen",
    "0",
    `${width}x${height}x24`,
    "-nolisten",
    "tcp",
    "-noreset",
  ]);
  const [number] = await xvfb.waitFor(/^\d+$/, 20_000);
  return { name: `:${number}`, stop: xvfb.stop };
}
