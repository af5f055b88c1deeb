// Reads the symbols that a static library exports, from the table at its head as Apple's and GNU's archivers write it.
// Reads no object file.
import { closeSync, openSync, readSync } from "node:fs";

const MAGIC = "!<arch>\n";
const HEADER = 60;

/** The symbols, or null when the archive has no such table. Throws when the file is not an archive. */
export function archiveSymbols(path) {
  const file = openSync(path, "r");
  try {
    const head = bytes(file, 0, MAGIC.length + HEADER);
    if (head.toString("latin1", 0, MAGIC.length) !== MAGIC) throw new Error(`${path} is no static library`);
    const field = (from, to) => head.toString("latin1", MAGIC.length + from, MAGIC.length + to).trim();
    const name = field(0, 16);
    const body = bytes(file, MAGIC.length + HEADER, Number(field(48, 58)));
    if (name === "/") return gnu(body);
    // A long name precedes the content, and its length replaces the name.
    const long = name.startsWith("#1/") ? Number(name.slice(3)) : 0;
    const full = long > 0 ? body.toString("latin1", 0, long).replace(/\0+$/, "") : name;
    return full.startsWith("__.SYMDEF") ? apple(body.subarray(long)) : null;
  } finally {
    closeSync(file);
  }
}

/** A count, that many member offsets, then the names one after the other. */
function gnu(table) {
  const count = table.readUInt32BE(0);
  return names(table.subarray(4 + 4 * count)).slice(0, count);
}

/** The length of the pairs of name and member, the pairs, the length of the names, the names. */
function apple(table) {
  const pairs = table.readUInt32LE(0);
  const length = table.readUInt32LE(4 + pairs);
  return names(table.subarray(8 + pairs, 8 + pairs + length));
}

const names = (text) => text.toString("latin1").split("\0").filter(Boolean);

function bytes(file, from, count) {
  const read = Buffer.alloc(count);
  let have = 0;
  while (have < count) {
    const more = readSync(file, read, have, count - have, from + have);
    if (more === 0) throw new Error("it ends in the middle");
    have += more;
  }
  return read;
}
