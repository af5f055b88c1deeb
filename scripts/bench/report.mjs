// Formats the measured numbers as Markdown. Does not depend on how they were measured.
import { readFileSync } from "node:fs";
import os from "node:os";

const ours = "millrace";

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median wall, cpu and rss of some runs. */
export const middle = (runs) =>
  Object.fromEntries(["wall", "cpu", "rss"].map((key) => [key, median(runs.map((run) => run[key]))]));

const best = (tools, key) =>
  Math.min(
    ...Object.entries(tools).flatMap(([name, tool]) =>
      name !== ours && tool.median ? [tool.median[key]] : [],
    ),
  );

/** One workload: a row per tool, fastest first; ratios are to the best peer in that column. */
export function workloadTable({ id, title, tools }) {
  const [wall, cpu] = [best(tools, "wall"), best(tools, "cpu")];
  const ratio = (value, least) => (Number.isFinite(least) && least > 0 ? (value / least).toFixed(2) : "-");
  const rows = Object.entries(tools)
    .filter(([, tool]) => tool.median)
    .sort(([, a], [, b]) => a.median.wall - b.median.wall)
    .map(([name, { median: m }]) => {
      const numbers = [
        m.wall.toFixed(2),
        m.cpu.toFixed(2),
        m.rss.toFixed(1),
        ratio(m.wall, wall),
        ratio(m.cpu, cpu),
      ];
      return `| ${name} | ${numbers.join(" | ")} |`;
    });
  const failed = Object.entries(tools).filter(([, tool]) => tool.error);
  return [
    `### ${id}: ${title}`,
    "",
    "| tool | wall s | CPU s | peak MiB | wall / best peer | CPU / best peer |",
    "| --- | --: | --: | --: | --: | --: |",
    ...rows,
    "",
    ...failed.flatMap(([name, { error }]) => [`${name} failed: ${error}`, ""]),
  ].join("\n");
}

/** The targets, with the results. */
export function summary(results) {
  const targets = {
    W1: [0.95, 1.05],
    W2: [0.95, 1.1],
    W3: [0.95],
    W4: [1.0],
    W5: [0.95],
    W6: [0.95],
    W7: [1.0],
    W8: [0.95],
    W9: [1.0],
  };
  const rows = results.map(({ id, tools }) => {
    const mine = tools[ours]?.median;
    const [wall, cpu] = targets[id];
    if (!mine) return `| ${id} | - | ${wall.toFixed(2)} | - | ${cpu?.toFixed(2) ?? ""} | - | failed |`;
    const is = mine.wall / best(tools, "wall");
    const isCpu = mine.cpu / best(tools, "cpu");
    const met = is <= wall && (cpu === undefined || isCpu <= cpu) && mine.rss <= 40;
    const column = cpu === undefined ? "" : cpu.toFixed(2);
    return `| ${id} | ${is.toFixed(2)} | ${wall.toFixed(2)} | ${isCpu.toFixed(2)} | ${column} | ${mine.rss.toFixed(1)} | ${met ? "yes" : "no"} |`;
  });
  return [
    "| workload | wall / best peer | target | CPU / best peer | target | peak MiB (target 40) | met |",
    "| --- | --: | --: | --: | --: | --: | --- |",
    ...rows,
    "",
  ].join("\n");
}

/** The machine that was measured on, one line per fact. */
export function machine() {
  const cpus = os.cpus();
  const memory = `${(os.totalmem() / 2 ** 30).toFixed(1)} GiB`;
  let system = `${os.type()} ${os.release()}`;
  try {
    const name = /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync("/etc/os-release", "utf8"));
    if (name) system += `, ${name[1]}`;
  } catch {
    // Not a Linux with that file: the kernel version is enough.
  }
  return [
    `- processor: ${cpus[0]?.model ?? "unknown"}, ${cpus.length} cores`,
    `- memory: ${memory}`,
    `- system: ${system}`,
  ];
}
