// Reads the headers and symbols of a shared library for a 64-bit little-endian processor. Knows ELF, and nothing of
// Android.
import { readFileSync } from "node:fs";

const LOAD = 1;
const DYNAMIC = 2;
const NEEDED = 1;
const TEXTREL = 22;
const FLAGS = 30;
const SONAME = 14;
const STRTAB = 5;
const DYNSYM = 11;
const WEAK = 2;
const FLAG_TEXTREL = 4;
const MACHINES = { 62: "x86_64", 183: "aarch64" };

/**
 * `{ machine, size, needed, soname, textRelocations, loads: [{ align }], exported, undefined, optional }`; the last
 * three are symbol names: defined, required, and weakly referenced ones. Throws for any other kind of file.
 */
export function readElf(path) {
  const file = readFileSync(path);
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46) throw new Error(`${path} is no ELF file`);
  if (file[4] !== 2 || file[5] !== 1) throw new Error(`${path} is not 64 bit, little-endian`);
  const machine = MACHINES[file.readUInt16LE(18)] ?? `machine ${file.readUInt16LE(18)}`;
  const segments = table(file, 32, 54, 56, (at) => ({
    type: file.readUInt32LE(at),
    offset: big(file, at + 8),
    address: big(file, at + 16),
    size: big(file, at + 32),
    align: big(file, at + 48),
  }));
  const sections = table(file, 40, 58, 60, (at) => ({
    type: file.readUInt32LE(at + 4),
    offset: big(file, at + 24),
    size: big(file, at + 32),
    link: file.readUInt32LE(at + 40),
  }));
  const dynamic = entries(file, segments);
  const strings = offsetOf(segments, dynamic.find(([tag]) => tag === STRTAB)?.[1]);
  const named = (tag) => dynamic.filter((one) => one[0] === tag).map((one) => text(file, strings + one[1]));
  const flags = dynamic.find(([tag]) => tag === FLAGS)?.[1] ?? 0;
  const symbols = dynamicSymbols(file, sections);
  return {
    machine,
    size: file.length,
    needed: named(NEEDED),
    soname: named(SONAME)[0] ?? null,
    textRelocations: dynamic.some(([tag]) => tag === TEXTREL) || (flags & FLAG_TEXTREL) !== 0,
    loads: segments.filter((one) => one.type === LOAD).map(({ align }) => ({ align })),
    exported: symbols.filter((one) => one.defined).map((one) => one.name),
    undefined: symbols.filter((one) => !one.defined && !one.weak).map((one) => one.name),
    optional: symbols.filter((one) => !one.defined && one.weak).map((one) => one.name),
  };
}

function table(file, place, sizePlace, countPlace, read) {
  const start = big(file, place);
  const size = file.readUInt16LE(sizePlace);
  const count = file.readUInt16LE(countPlace);
  return Array.from({ length: count }, (_, index) => read(start + index * size));
}

/** The dynamic section: pairs of tag and value. */
function entries(file, segments) {
  const place = segments.find((one) => one.type === DYNAMIC);
  if (place === undefined) throw new Error("nothing in it is linked dynamically");
  const found = [];
  for (let at = place.offset; at < place.offset + place.size; at += 16) {
    const tag = big(file, at);
    if (tag === 0) break;
    found.push([tag, big(file, at + 8)]);
  }
  return found;
}

function dynamicSymbols(file, sections) {
  const place = sections.find((one) => one.type === DYNSYM);
  if (place === undefined) throw new Error("it has no table of dynamic symbols");
  const names = sections[place.link].offset;
  const found = [];
  // the first symbol is empty by definition
  for (let at = place.offset + 24; at < place.offset + place.size; at += 24)
    found.push({
      name: text(file, names + file.readUInt32LE(at)),
      weak: file[at + 4] >> 4 === WEAK,
      defined: file.readUInt16LE(at + 6) !== 0,
    });
  return found;
}

/** File offset of what is loaded at this address. */
function offsetOf(segments, address) {
  const holder = segments.find(
    (one) => one.type === LOAD && address >= one.address && address < one.address + one.size,
  );
  if (holder === undefined) throw new Error("its table of names is nowhere");
  return holder.offset + address - holder.address;
}

const big = (file, at) => Number(file.readBigUInt64LE(at));

const text = (file, at) => file.toString("latin1", at, file.indexOf(0, at));
