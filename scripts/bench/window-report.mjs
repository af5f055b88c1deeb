// The chapter about the window. Knows the targets; measures nothing.

/** Empty for values that a state does not have: nothing moves in an idle list, and a hidden one is not rendered. */
const number = (value, digits = 1) => value?.toFixed(digits) ?? "";
const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** The targets, each with its result and whether it is met. */
function targets(found) {
  const sake = found.busy.core - found.hidden.core;
  const { through } = found;
  const share = through && middle(through.cli) / middle(through.app);
  return [
    ["core, for the window's sake, % of a core", number(sake), "below 5", sake < 5],
    ["from event to pixel, p99, ms", number(found.busy.p99, 0), "below 250", found.busy.p99 < 250],
    [
      "longest pause while scrolling, ms",
      number(found.busy.gapMost, 0),
      "at most 50",
      found.busy.gapMost <= 50,
    ],
    [
      "longest pause while scrolling 100,000 rows, ms",
      number(found.huge?.gapMost, 0),
      "at most 50",
      found.huge?.gapMost <= 50,
    ],
    [
      "speed of a download at 200 MB/s, window / command line",
      number(share, 2),
      "at least 0.97",
      share >= 0.97,
    ],
  ].filter(([, is]) => is !== "");
}

const columns = [
  ["list quiet", "quiet"],
  ["list changing", "busy"],
  ["1,000 rows, changing", "small"],
  ["100,000 rows, changing", "huge"],
  ["changing, hidden", "hidden"],
  ["plain, quiet", "plainQuiet"],
  ["plain, changing", "plainBusy"],
];

const lines = [
  ["core, % of a core", (one) => number(one.core)],
  ["web process, % of a core", (one) => number(one.web)],
  ["core, MiB", (one) => number(one.coreMiB, 0)],
  ["web process, MiB", (one) => number(one.webMiB, 0)],
  ["frames a second that change a row on the screen", (one) => number(one.updates)],
  ["event to pixel, p50, ms", (one) => number(one.p50, 0)],
  ["event to pixel, p99, ms", (one) => number(one.p99, 0)],
  ["animation frames a second while scrolling", (one) => number(one.fps, 0)],
  ["pause while scrolling, p99, ms", (one) => number(one.gap99, 0)],
  ["longest pause while scrolling, ms", (one) => number(one.gapMost, 0)],
];

export function windowChapter(found, { loads, machine, command, runs }) {
  const { rows, running, others } = loads.busy;
  return [
    `The real window under Xvfb with ${rows.toLocaleString("en")} rows where nothing else is said. "Changing": ${running} run and receive bytes ten times a second`,
    `each, and ${others} others change each second. Against a plain Tauri window that does what the examples show: a message for each`,
    "change, and an element for each row. Both get the same changes from a made-up engine in the same process (its own thread is",
    "not counted); each change carries its moment, and a script in the page looks at every animation frame what is on the screen.",
    "A change that was overtaken counts until a newer one is shown. Processor time is taken without that script.",
    "",
    `Made by \`${command}\`.`,
    "",
    ...machine,
    "",
    "| target | is | shall be | met |",
    "| --- | --: | --: | --- |",
    ...targets(found).map(
      ([what, is, shall, met]) => `| ${what} | ${is} | ${shall} | ${met ? "yes" : "no"} |`,
    ),
    "",
    `| | ${columns.map(([title]) => title).join(" | ")} |`,
    `| --- |${" --: |".repeat(columns.length)}`,
    ...lines.map(([what, show]) => `| ${what} | ${columns.map(([, key]) => show(found[key])).join(" | ")} |`),
    "",
    ...(found.through
      ? [
          `One file of 1 GiB from a server that sends 200 MB/s in total, into memory; medians of ${runs} runs after one that warms up: ` +
            throughText(found.through),
        ]
      : []),
    ...(found.unpaced
      ? [
          "",
          "One file of 2 GiB from a server as fast as loopback allows, where server and download share all cores: " +
            throughText(found.unpaced),
        ]
      : []),
    "",
  ].join("\n");
}

const throughText = ({ app, cli, appCpu, cliCpu, pageCpu }) =>
  `${number(middle(app), 2)} s through the window, ${number(middle(cli), 2)} s with the command line ` +
  `(speed ${number(middle(cli) / middle(app), 2)}). Processor seconds: ${number(middle(appCpu), 2)} in the window's core and ` +
  `${number(middle(pageCpu), 2)} in its page, ${number(middle(cliCpu), 2)} in the command line.`;
