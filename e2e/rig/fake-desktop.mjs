// The desktop around the window: its tray, its dock, its brakes on sleep, and a hand for what no page can reach.
// Knows the words between it and fake-desktop.py; knows no application.
import { join } from "node:path";
import { root } from "../../scripts/lib/paths.mjs";
import { PYTHON } from "./session-bus.mjs";
import { start } from "./processes.mjs";
import { eventually } from "./webdriver.mjs";

/** `tray`: whether there is one from the beginning. */
export async function startDesktop(env, { tray = true } = {}) {
  const place = join(root, "e2e", "rig", "fake-desktop.py");
  const process = start(PYTHON, ["-u", place], { env, stdin: "pipe" });
  await process.waitFor(/"event": "ready"/, 20_000);
  const order = (what) => process.child.stdin.write(`${JSON.stringify(what)}\n`);
  const events = () => process.lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  const of = (name) => events().filter((one) => one.event === name);

  /** Gives an order that is answered by an event of this name, and waits for the answer. */
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
    /** Everything seen so far of one kind: `item`, `held`, `released`, `dock`. */
    of,
    /** The tray's menu: `tip`, and `rows` of `label`, `enabled`, `ticked`. */
    menu: () => ask({ do: "describe" }, "menu"),
    click: (label) => order({ do: "click", label }),
    /** A click on the icon itself. */
    activate: () => order({ do: "activate" }),
    /** Puts a tray there, or takes it away. */
    tray: (there) => ask({ do: "tray", there }, "tray"),
    /**
     * How network and battery are from now on: `metered` as NetworkManager numbers it, `battery` as its `level`, whether
     * it is `used`, and whether it is `there` (else it is). What is left out is told by no service.
     */
    surroundings: ({ metered = null, battery = null }) =>
      ask({ do: "surroundings", metered, battery }, "surroundings"),
    /** A click on a button of the notification with this number, from 1; `default` is the notification itself. */
    answer: (number, action) => order({ do: "answer", number, action }),
    /** `close`s, `hide`s or `show`s the windows of this name, or only `count`s them; how many there are. */
    window: async (act, name = "Millrace") => (await ask({ do: "window", act, name }, "window")).count,
    stop: process.stop,
  };
  if (tray) await desktop.tray(true);
  return desktop;
}
