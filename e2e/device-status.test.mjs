// Network and battery as reported by the desktop's services: running downloads wait for them, and continue by
// themselves.
import assert from "node:assert/strict";
import { byTestId } from "./rig/downloads.mjs";
import { scenario } from "./rig/scenario.mjs";

const MB = 1024 * 1024;
const [YES, NO, GUESSED] = [1, 2, 3];
const plugged = { level: 90, used: false };
/** What UPower reports on a machine without a battery. */
const none = { level: 0, used: false, there: false };
const rules = (network) => ({
  desktop: { tray: false },
  settings: {
    network: {
      unmeteredOnly: false,
      pauseOnRoaming: false,
      pauseOnLowBattery: false,
      onlyWhenCharging: false,
      ...network,
    },
  },
});
const waits = (words) => (row) => row.state === "queued" && row.text.includes(words);
const settings = ["unmetered", "battery", "charging"].map((name) => byTestId(`setting-${name}`));

async function offered(page) {
  await page.click(byTestId("settings-open"));
  await page.click(byTestId("settings-go-network"));
  await page.find(byTestId("setting-proxy"));
  const there = await Promise.all(settings.map((css) => page.all(css)));
  await page.press("Escape");
  return there.map((found) => found.length);
}

scenario(
  "a download waits while the network counts what is used, from the start and later, and goes on by itself",
  async (rig) => {
    await rig.desktop.surroundings({ metered: YES, battery: none });
    const file = rig.server.serve("/metered.bin", { size: 12 * MB, seed: 81, rate: 2 * MB });
    const app = await rig.start();
    assert.deepEqual(await offered(app.page), [1, 0, 0], "without a battery nothing is said of one");
    const id = await app.add(file.url);
    await app.until(id, waits("unmetered"));

    await rig.desktop.surroundings({ metered: NO });
    await app.until(id, (row) => row.state === "running" && row.received > MB);
    await rig.desktop.surroundings({ metered: GUESSED });
    await app.until(id, waits("unmetered"));
    const { received } = await app.row(id);

    // A service that disappears reports nothing, and what is not reported constrains nothing.
    await rig.desktop.surroundings({});
    const done = await app.until(id, "done");
    assert.ok(received >= MB && received < 12 * MB, `it waited with ${received} bytes`);
    assert.equal(done.received, 12 * MB);
    assert.deepEqual(await offered(app.page), [0, 0, 0]);
  },
  { around: rules({ unmeteredOnly: true }) },
);

scenario(
  "a download waits for a fuller battery or a charger, and goes on by itself",
  async (rig) => {
    const file = rig.server.serve("/battery.bin", { size: 12 * MB, seed: 82, rate: 2 * MB });
    const app = await rig.start();
    assert.deepEqual(await offered(app.page), [0, 0, 0]);
    // The services start later.
    await rig.desktop.surroundings({ metered: NO, battery: plugged });
    const id = await app.add(file.url);
    await app.until(id, (row) => row.state === "running" && row.received > MB);
    await rig.desktop.surroundings({ metered: NO, battery: { level: 90, used: true } });
    await app.until(id, (row) => row.state === "running" && row.received > 2 * MB);
    // The battery drains; nothing else changes.
    await rig.desktop.surroundings({ metered: NO, battery: { level: 14, used: true } });
    await app.until(id, waits("battery"));
    await rig.desktop.surroundings({ metered: NO, battery: { level: 14, used: false } });
    await app.until(id, "done");
    assert.deepEqual(await offered(app.page), [1, 1, 1]);
  },
  { around: rules({ pauseOnLowBattery: true }) },
);
