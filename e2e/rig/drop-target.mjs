// A window of another program that takes files, and a pointer that drags them there. Knows the protocol of
// drop-target.py; knows no page.
import { join } from "node:path";
import { root } from "../../scripts/lib/paths.mjs";
import { start } from "./processes.mjs";
import { PYTHON } from "./session-bus.mjs";
import { eventually } from "./webdriver.mjs";

/** The window covers this part of the display. */
export async function startDropTarget(env, { left, top, width, height }) {
  const place = join(root, "e2e", "rig", "drop-target.py");
  const process = start(PYTHON, ["-u", place, ...[left, top, width, height].map(String)], {
    env,
    stdin: "pipe",
  });
  await process.waitFor(/"event": "ready"/, 20_000);
  const order = (what) => process.child.stdin.write(`${JSON.stringify(what)}\n`);
  const of = (name) =>
    process.lines.flatMap((line) => {
      const event = line.startsWith("{") ? JSON.parse(line) : {};
      return event.event === name ? [event] : [];
    });
  const move = ([x, y]) => order({ x: Math.round(x), y: Math.round(y) });

  /** Presses the pointer at `from`, moves it onto the window until that is so, and lets go. */
  async function drag(from, what, isSo) {
    move(from);
    order({ down: true });
    for (const step of [4, 8, 12]) move([from[0] + step, from[1]]);
    // A pointer that stands still tells nobody where it is.
    let place = 0;
    await eventually(what, 20_000, () => {
      place = (place + 3) % (width - 20);
      move([left + 10 + place, top + height / 2]);
      return isSo();
    });
    order({ down: false });
  }

  return {
    drag,
    /** Drags to the window what it takes; returns its `addresses`, and the `actions` that it was offered. */
    async drop(from) {
      const [over, dropped] = [of("over").length, of("dropped").length];
      await drag(from, "the window is offered something", async () => of("over").length > over);
      return eventually("the window gets something", 20_000, async () => of("dropped")[dropped]);
    },
    /** What it was offered so far. */
    offers: () => of("over"),
    stop: process.stop,
  };
}
