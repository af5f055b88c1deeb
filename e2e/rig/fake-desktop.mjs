// The desktop around the window: tray, dock, sleep inhibitors, and actions that no page can do. Knows the protocol of
// fake-desktop.py; knows no application.
import { join } from "node:path";
import { root } from "../../scripts/lib/paths.mjs";
import { PYTHON } from "./session-bus.mjs";
import { start } from "./processes.mjs";
import { eventually } from "./webdriver.mjs";

/** `tray`: whether there is one from the start. */
export async function startDesktop(env, { tray = true } = {}) {
  const place = join(root, "e2e", "rig", "fake-desktop.py");
  const process = start(PYTHON, ["-u", place], { env, stdin: "pipe" });
  await process.waitFor(/"event": "ready"/, 20_000);
  const order = (what) => process.child.stdin.write(`${JSON.stringify(what)}\n`);
  const events = () => process.lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  const of = (name) => events().filter((one) => one.event === name);

  /** Sends a command and waits for the event of this name that responds to it. */
  async function ask(what, name) {
    const before = of(name).length;
    const failed = of("failed").length;
    order(what);
    const answered = await eventually(`the desktop answers ${JSON.stringify(what)}`, 10_000, async () => {
      return of("failed")[failed] ?? of(name)[before];
    });
    if (answered.event === "failed") throw new Error(answered.why);
    return answered;
  }

  const desktop = {
    /** All events so far of one kind: `item`, `held`, `released`, `dock`. */
    of,
    /** The tray menu: `tip`, and `rows` of `label`, `enabled`, `ticked`. */
    menu: () => ask({ do: "describe" }, "menu"),
    click: (label) => order({ do: "click", label }),
    /** A click on the icon. */
    activate: () => order({ do: "activate" }),
    /** Adds or removes the tray. */
    tray: (there) => ask({ do: "tray", there }, "tray"),
    /**
     * Sets network and battery: `metered` with NetworkManager's numbers, `battery` with its `level`, whether it is
     * `used`, and whether it is `there` (default: true). No service reports what is omitted.
     */
    surroundings: ({ metered = null, battery = null }) =>
      ask({ do: "surroundings", metered, battery }, "surroundings"),
    /** A click on a button of the notification with this number, from 1; `default` is the notification itself. */
    answer: (number, action) => order({ do: "answer", number, action }),
    /**
     * Applies `close`, `hide` or `show` to the windows of this name, or only counts them with `count`; returns their
     * number.
     */
    window: async (act, name = "Millrace") => (await ask({ do: "window", act, name }, "window")).count,
    stop: process.stop,
  };
  if (tray) await desktop.tray(true);
  return desktop;
}
