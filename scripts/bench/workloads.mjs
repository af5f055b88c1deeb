// The workloads: which links, and which files must exist afterwards. Knows no tool.

const mib = (bytes) => (bytes >= 1 << 30 ? `${bytes / (1 << 30)} GiB` : `${bytes / (1 << 20)} MiB`);

export const ids = ["W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "W9"];

/**
 * Each: id, title, `urls`, `wanted` (name -> SHA-256), `seconds` after which it counts as hung, `many` for a list, and
 * `slow` where the network limits a single connection, so that one run of a single-connection tool is enough;
 * `parallel` is the number of files of a list to download in parallel.
 */
export function workloads({ ports, sums }, size) {
  const plain = `http://127.0.0.1:${ports.plain}`;
  const tls = `https://localhost:${ports.tls}`;
  const single = (id, title, url, name, more) => ({
    id,
    title,
    urls: [url],
    name,
    wanted: new Map([[name, sums.get(name)]]),
    seconds: 120,
    ...more,
  });
  const list = (id, title, base, { folder = "small", count = size.count, parallel = 16 } = {}) => ({
    id,
    title,
    urls: Array.from({ length: count }, (_, n) => `${base}/${folder}/${n}.bin`),
    wanted: new Map(Array.from({ length: count }, (_, n) => [`${n}.bin`, sums.get(`${folder}/${n}.bin`)])),
    seconds: 120,
    many: true,
    parallel,
  });
  const small = `${size.count} files of ${size.small / 1024} KiB`;
  return [
    single("W1", `${mib(size.big)}, http`, `${plain}/big.bin`, "big.bin"),
    single("W2", `${mib(size.big)}, https`, `${tls}/big.bin`, "big.bin"),
    single("W3", `${mib(size.limited)}, 4 MiB/s per connection`, `${plain}/slow/limited.bin`, "limited.bin", {
      slow: true,
    }),
    list("W4", `${small}, http`, plain),
    single(
      "W5",
      `${mib(size.far)}, 100 ms round trip, 2 MiB/s per connection`,
      `http://127.0.0.1:${ports.far}/far.bin`,
      "far.bin",
      {
        slow: true,
      },
    ),
    single(
      "W6",
      `${mib(size.uneven)}, 40 ms round trip, connections of 4, 2, 1 and 0.5 MiB/s`,
      `http://127.0.0.1:${ports.uneven}/uneven.bin`,
      "uneven.bin",
      { slow: true },
    ),
    list("W7", `${small}, https`, tls),
    single(
      "W8",
      `${mib(size.few)}, a server that refuses the fifth connection, 8 MiB/s per connection`,
      `http://127.0.0.1:${ports.few}/few.bin`,
      "few.bin",
    ),
    list(
      "W9",
      `${size.tinyCount} files of ${size.tiny / 1024} KiB, https, 40 ms round trip`,
      `https://localhost:${ports.farTls}`,
      { folder: "tiny", count: size.tinyCount, parallel: 100 },
    ),
  ];
}
