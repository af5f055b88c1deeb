// The compared tools: how each is called, and which are installed. Knows no workload.
import { onPath, output } from "../lib/run.mjs";

/** Each: `one(job)` and `many(job)` return the arguments for one link and for a list; `many` may be missing. */
export const peers = {
  curl: {
    one: ({ ca, dir, name, url }) => ["-sS", "--cacert", ca, "-o", `${dir}/${name}`, url],
    many: ({ ca, dir, config, parallel }) =>
      [
        "-sS",
        "--parallel",
        "--parallel-max",
        `${parallel}`,
        "--cacert",
        ca,
        "--output-dir",
        dir,
        "--remote-name-all",
      ].concat(["-K", config]),
    version: (text) => text.split(" ").slice(0, 2).join(" "),
  },
  aria2c: {
    one: ({ ca, dir, name, url }) => [
      "-q",
      `--ca-certificate=${ca}`,
      "-x16",
      "-s16",
      "-k1M",
      "--file-allocation=none",
      "-d",
      dir,
      "-o",
      name,
      url,
    ],
    many: ({ ca, dir, list, parallel }) => [
      "-q",
      `--ca-certificate=${ca}`,
      `-j${parallel}`,
      "--file-allocation=none",
      "-d",
      dir,
      "-i",
      list,
    ],
    version: (text) => text.split("\n")[0],
  },
  wget2: {
    one: ({ ca, dir, name, url }) => ["-q", `--ca-certificate=${ca}`, "-O", `${dir}/${name}`, url],
    many: ({ ca, dir, list, parallel }) => [
      "-q",
      `--ca-certificate=${ca}`,
      `--max-threads=${parallel}`,
      "-P",
      dir,
      "-i",
      list,
    ],
    version: (text) => text.split("\n")[0].split(" - ")[0],
  },
  axel: {
    // It has no option to trust an additional certificate.
    one: ({ dir, name, url }) => ["-q", "-k", "-n", "16", "-o", `${dir}/${name}`, url],
    version: (text) => text.split("\n")[0],
  },
};

/** Our own; `program` is the built command line. */
export const millrace = (program) => ({
  program,
  one: ({ ca, dir, name, url }) => ["get", "-q", "--ca-cert", ca, "-d", dir, "-o", name, url],
  many: ({ ca, dir, list, parallel }) => [
    "get",
    "-q",
    "--ca-cert",
    ca,
    "-d",
    dir,
    "-j",
    `${parallel}`,
    "-i",
    list,
  ],
  version: (text) => text.split("\n")[0],
});

/** The installed peers, and the names of the missing ones. */
export function installed() {
  const names = Object.keys(peers);
  const here = names.filter(onPath);
  return { here, missing: names.filter((name) => !here.includes(name)) };
}

/** One line with a tool's version. */
export function version(name, tool) {
  const text = output(tool.program ?? name, ["--version"]);
  return text === null ? `${name} (version unknown)` : tool.version(text);
}
