// A private session bus with a notification daemon that shows nothing and records everything. Knows no application.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { start } from "./processes.mjs";

// Debian's Python: another one on the path does not have Debian's dbusmock.
export const PYTHON = "/usr/bin/python3";

// A bus without activation: a test never starts desktop services (portals, keyrings).
const config = (place) => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${join(place, "bus")}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

/** `place` is a folder for the bus's configuration and socket. */
export async function startBus(env, place) {
  const file = join(place, "bus.conf");
  await writeFile(file, config(place));
  const daemon = start("dbus-daemon", [`--config-file=${file}`, "--nofork", "--print-address=1"], { env });
  const [address] = await daemon.waitFor(/^unix:.*/);
  const onBus = { ...env, DBUS_SESSION_BUS_ADDRESS: address };
  const mock = start(PYTHON, ["-u", "-m", "dbusmock", "--session", "--template", "notification_daemon"], {
    env: onBus,
  });
  await answers(onBus, mock);

  /** The notifications so far: `{ app, summary, body, actions }`; the daemon numbers them from 1. */
  const notifications = () => mock.lines.map(parseNotify).filter((one) => one !== null);

  return {
    address,
    notifications,
    /** The first notification that `wanted` accepts. */
    async notification(wanted, milliseconds = 10_000) {
      const until = Date.now() + milliseconds;
      for (;;) {
        const found = notifications().find(wanted);
        if (found) return found;
        if (Date.now() > until)
          throw new Error(
            `no such notification in ${milliseconds} ms; seen: ${JSON.stringify(notifications())}`,
          );
        await sleep(50);
      }
    },
    async stop() {
      await mock.stop();
      await daemon.stop();
    },
  };
}

/** Waits until the notification daemon responds. */
async function answers(env, mock) {
  let dead = null;
  mock.ended.then((why) => (dead = why));
  const until = Date.now() + 20_000;
  for (;;) {
    const ping = start(
      "dbus-send",
      [
        "--session",
        "--print-reply",
        "--dest=org.freedesktop.Notifications",
        "/",
        "org.freedesktop.DBus.Peer.Ping",
      ],
      { env },
    );
    if ((await ping.ended) === "ended with 0") return;
    if (dead || Date.now() > until)
      throw new Error(`no notification daemon: ${dead ?? ping.lines.join(" | ")} ${mock.lines.join(" | ")}`);
    await sleep(50);
  }
}

/** dbusmock prints a call as: time, method, then each argument; strings are in double quotes, not escaped. */
function parseNotify(line) {
  const match = /^\d+\.\d+ Notify "(.*?)" \d+ "(.*?)" "(.*)" "(.*)" \[(.*?)\]/.exec(line);
  if (!match) return null;
  const [, app, , summary, body, actions] = match;
  return { app, summary, body, actions };
}
