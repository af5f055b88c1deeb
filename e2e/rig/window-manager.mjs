// Acts as a window manager: the test's display has none, so the window gets the messages directly. Knows X11; knows no
// page.
import { spawnSync } from "node:child_process";

const STATE = "_NET_WM_STATE";

function x11(env, command, ...args) {
  const done = spawnSync(command, args, { env, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${command}: ${done.stderr ?? done.error}`);
  return done.stdout;
}

/**
 * Minimises the window with this title, as a click on its minimise button does. Returns a function that restores it.
 */
export function iconify(env, title) {
  const tree = x11(env, "xwininfo", "-root", "-tree");
  // The toolkit's helper windows have a negligible size.
  const line = tree.split("\n").find((one) => one.includes(`"${title}"`) && /\s\d{3,}x\d{3,}\+/.test(one));
  const id = /0x[0-9a-f]+/.exec(line ?? "")?.[0];
  if (id === undefined) throw new Error(`no window ${title} in\n${tree}`);
  x11(env, "xprop", "-id", id, "-f", STATE, "32a", "-set", STATE, "_NET_WM_STATE_HIDDEN");
  return () => x11(env, "xprop", "-id", id, "-remove", STATE);
}
