// Measures the memory of the application's processes with its window open, hidden, closed to the tray and reopened; one
// download runs in each state. Starts the application as a desktop does, without a WebDriver.
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { familyOf, start } from "../../e2e/rig/processes.mjs";
import { openRig } from "../../e2e/rig/scenario.mjs";
import { eventually } from "../../e2e/rig/webdriver.mjs";
import { appBinary } from "../lib/paths.mjs";

const MB = 1_000_000;
/** Time to settle before each measurement; in ms. */
const settle = 8_000;

/**
 * One row per state, in order: `{ state, core, page, network, all }` in MiB. `links` downloads are completed before.
 */
export async function measureMemory({ release, links }) {
  const rig = await openRig({
    desktop: { tray: true },
    settings: { closeToTray: true, notifyFinished: false },
  });
  try {
    const args = [];
    for (let i = 0; i < links; i += 1)
      args.push(rig.server.serve(`/done-${i}.bin`, { size: 4096, seed: i }).url);
    const running = rig.server.serve("/running.bin", { size: 200 * MB, seed: 7, rate: MB });
    const app = start(appBinary({ release }), [...args, running.url], { env: rig.env });
    const windows = (count) =>
      eventually(`${count} windows`, 20_000, async () => (await rig.desktop.window("count")) === count);
    const goesOn = async (state) => {
      const before = sent(rig, running);
      await sleep(settle);
      if (sent(rig, running) <= before) throw new Error(`the download does not go on: ${state}`);
      return { state, ...(await measure(app.child.pid)) };
    };
    try {
      await windows(1);
      await eventually("all are done but one", 60_000, async () => {
        const files = await rig.files();
        return files.filter((name) => name.startsWith("done-") && !name.endsWith(".part")).length === links;
      });
      const rows = [await goesOn("window open")];
      await rig.desktop.window("hide");
      rows.push(await goesOn("window minimised"));
      await rig.desktop.window("show");
      await rig.desktop.window("close");
      await windows(0);
      rows.push(await goesOn("closed to the tray"));
      rig.desktop.activate();
      await windows(1);
      rows.push(await goesOn("window open again"));
      return rows;
    } finally {
      await app.stop();
    }
  } finally {
    await rig.close();
  }
}

const sent = (rig, file) => rig.server.of(file.path).reduce((sum, one) => sum + one.sent, 0);

/** MiB by kind of process, and how much of it is anonymous memory: the rest is mapped programs and libraries. */
async function measure(pid) {
  const found = { core: 0, page: 0, network: 0, own: 0 };
  for (const one of await familyOf(pid)) {
    const kind = one.name.startsWith("WebKitWeb")
      ? "page"
      : one.name.startsWith("WebKitNet")
        ? "network"
        : "core";
    const text = await readFile(`/proc/${one.pid}/smaps_rollup`, "utf8");
    const mib = (line) => Number(new RegExp(`^${line}:\\s+(\\d+) kB`, "m").exec(text)[1]) / 1024;
    found[kind] += mib("Pss");
    found.own += mib("Pss_Anon");
  }
  return { ...found, all: found.core + found.page + found.network };
}

export function memoryChapter(rows, { links, build }) {
  const [first] = rows;
  const line = ({ state, core, page, network, all, own }) => {
    const numbers = [core, page, network, all, own].map((mib) => mib.toFixed(1));
    return `| ${state} | ${numbers.join(" | ")} | ${((100 * own) / first.own).toFixed(0)} % |`;
  };
  return [
    `What would be free without Millrace (PSS over all of its processes, MiB), while one download runs at 1 MB/s and ${links} are`,
    `done. "Own" is the part that is in no file; the rest is programs and libraries, which the system drops when it needs room.`,
    `Made by \`npm run bench:desktop\`, ${build} build.`,
    "",
    "| state | core | page | WebKit's network | all | own | own / first |",
    "| --- | --: | --: | --: | --: | --: | --: |",
    ...rows.map(line),
    "",
    "Closed to the tray, the window and its web process are gone. WebKit never ends its network process; it waits for the next window.",
  ].join("\n");
}
