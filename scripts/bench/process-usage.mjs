// Measures processes from outside, through /proc: processor time per thread, and proportional memory. Linux only.
import { readFile, readdir } from "node:fs/promises";

/** Clock ticks per second: Linux always reports 100 to programs. */
const TICKS = 100;

/** Seconds of processor time used so far, by thread name. */
async function spent(pid) {
  const threads = new Map();
  for (const id of await readdir(`/proc/${pid}/task`)) {
    const stat = await readFile(`/proc/${pid}/task/${id}/stat`, "utf8").catch(() => null);
    if (stat === null) continue;
    const name = id === String(pid) ? "main" : stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
    const [user, system] = fields(stat).slice(11, 13).map(Number);
    threads.set(name, (threads.get(name) ?? 0) + (user + system) / TICKS);
  }
  return threads;
}

/** The fields after the name in parentheses. */
const fields = (stat) => stat.slice(stat.lastIndexOf(")") + 2).split(" ");

/** Starts a measurement and resolves with a function that ends it: percent of a core, by process and by thread. */
export async function watch({ core, web }) {
  const [before, began] = [await Promise.all([spent(core), spent(web)]), performance.now()];
  return async () => {
    const after = await Promise.all([spent(core), spent(web)]);
    const seconds = (performance.now() - began) / 1000;
    const percent = after.map((threads, at) => {
      const grown = [...threads].map(([name, time]) => [
        name,
        (100 * (time - (before[at].get(name) ?? 0))) / seconds,
      ]);
      return new Map(grown);
    });
    return { core: percent[0], web: percent[1] };
  };
}

/** Sum over all threads except those with these names. */
export const together = (threads, but = []) =>
  [...threads].reduce((sum, [name, percent]) => (but.includes(name) ? sum : sum + percent), 0);

/** Memory that the process's end would free, in MiB: its private pages and its share of the shared ones. */
export async function memory(pid) {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)[1]) / 1024;
}
