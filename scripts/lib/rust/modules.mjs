// Reads the modules of a Rust crate and their dependencies from its files: `mod` lines, `use` trees and all other paths
// from `crate`, `super` or `self`. Knows Rust's names and no crate; code for tests only is left out.
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * The modules of the crate whose root is this file, by path (`""` for the root): each with `file`, its `children` by
 * name, and `takes`, the distinct paths of the modules whose items it names. An item belongs to the module that defines
 * it, not to one that re-exports it.
 */
export function modulesOf(file, read = readIfThere) {
  const all = new Map();
  const top = module("", null, file);
  all.set("", top);
  const open = [{ at: top, file, folder: dirname(file) }];
  for (const { at, file: path, folder } of open) {
    const text = read(path);
    if (text === null) throw new Error(`${path} is named by a module and is not there`);
    scan(tokens(text), at, { folder, here: dirname(path), all, open, read });
  }
  for (const at of all.values()) {
    for (const path of at.paths) {
      const found = resolve(at, path, top);
      if (found !== null && found !== at) at.takes.add(found.path);
    }
  }
  return all;
}

const module = (path, parent, file) => ({
  path,
  parent,
  file,
  children: new Map(),
  takes: new Set(),
  /** Every path that the module names, and the items that a `use` imports by their local name. */
  paths: [],
  uses: new Map(),
});

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

const TOKEN =
  /\/\/[^\n]*|\/\*|(?:br|b|cr|c|r)?(#*)"|b?'(?:\\(?:u\{[^}]*\}|x..|.)|[^\\'])'|'[A-Za-z_]\w*|(?:r#)?[A-Za-z_]\w*|\d[\w.]*|::|\s+|./gsu;

/** Words, strings (with a leading quote) and signs; comments are dropped. */
function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [one, hashes] = match;
    if (one === "/*") TOKEN.lastIndex = commentEnd(text, TOKEN.lastIndex);
    else if (one.endsWith('"') && hashes !== undefined) {
      const raw = /r#*"$/.test(one);
      const end = raw ? text.indexOf(`"${hashes}`, TOKEN.lastIndex) : stringEnd(text, TOKEN.lastIndex);
      found.push(`"${text.slice(TOKEN.lastIndex, end)}`);
      TOKEN.lastIndex = end + 1 + hashes.length;
    } else if (!/^(\s|\/\/|\d|b?')/.test(one)) found.push(one.replace(/^r#/, ""));
  }
  return found;
}

function commentEnd(text, from) {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = from;
  for (let depth = 1; depth > 0;) {
    const match = mark.exec(text);
    if (match === null) return text.length;
    depth += match[0] === "/*" ? 1 : -1;
  }
  return mark.lastIndex;
}

function stringEnd(text, from) {
  let at = from;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}

const OPEN = { "(": ")", "[": "]", "{": "}" };
const WORD = /^[A-Za-z_]\w*$/;

/** Index after the group that opens at `at`. */
function groupEnd(list, at) {
  let depth = 0;
  for (let next = at; next < list.length; next++) {
    if (list[next] in OPEN) depth++;
    else if (Object.values(OPEN).includes(list[next]) && --depth === 0) return next + 1;
  }
  return list.length;
}

/** Records in `at` what these tokens name; files of further modules are added to `place.open`. */
function scan(list, at, place) {
  let attributes = [];
  for (let next = 0; next < list.length;) {
    const word = list[next];
    if (word === "#" && (list[next + 1] === "[" || (list[next + 1] === "!" && list[next + 2] === "["))) {
      const from = list.indexOf("[", next);
      const end = groupEnd(list, from);
      if (from === next + 1) attributes.push(list.slice(from + 1, end - 1));
      next = end;
      continue;
    }
    if (attributes.some((words) => /^cfg\((all\((.*,)?)?test[,)]/.test(words.join("")))) {
      next = itemEnd(list, next);
    } else if (word === "mod" && WORD.test(list[next + 1]) && [";", "{"].includes(list[next + 2])) {
      next = child(list, next + 1, at, attributes, place);
    } else if (word === "use" && list[next - 1] !== "::") {
      const end = list.indexOf(";", next);
      for (const one of useTree(list.slice(next + 1, end))) bring(at, one);
      next = end + 1;
    } else if (word === "pub" && list[next + 1] === "(") {
      // `pub(in crate::x)` is no dependency on x, and no item yet.
      next = groupEnd(list, next + 1);
      continue;
    } else if (
      ["crate", "super", "self"].includes(word) &&
      list[next + 1] === "::" &&
      list[next - 1] !== "::"
    ) {
      const path = [word];
      for (next++; list[next] === "::" && WORD.test(list[next + 1]); next += 2) path.push(list[next + 1]);
      at.paths.push(path);
    } else next++;
    if (!["pub", "unsafe", "async"].includes(word)) attributes = [];
  }
}

/** Index after the item, field or arm that starts at `at`. */
function itemEnd(list, at) {
  const kind = list
    .slice(at, at + 6)
    .find((word) => /^(use|const|static|let|type|fn|mod|impl|struct|enum|trait)$/.test(word));
  const byBrace = kind === undefined || !/^(use|static|let|type)$/.test(kind);
  for (let next = at; next < list.length;) {
    if (list[next] === ";" || (kind === undefined && list[next] === ",")) return next + 1;
    if (Object.values(OPEN).includes(list[next])) return next;
    const braces = list[next] === "{";
    next = list[next] in OPEN ? groupEnd(list, next) : next + 1;
    if (braces && byBrace) return next;
  }
  return list.length;
}

function child(list, from, at, attributes, { folder, here, all, open, read }) {
  const name = list[from];
  const path = at.path === "" ? name : `${at.path}::${name}`;
  // Platform-specific files with the same module name count as one module.
  const one = at.children.get(name) ?? module(path, at, null);
  at.children.set(name, one);
  all.set(path, one);
  if (list[from + 1] === "{") {
    const end = groupEnd(list, from + 1);
    const inside = join(folder, name);
    scan(list.slice(from + 2, end - 1), one, { folder: inside, here: inside, all, open, read });
    return end;
  }
  const given = attributes
    .map((words) => words[words.indexOf("path") + 2])
    .filter((text) => text?.startsWith('"'));
  const usual = [join(folder, `${name}.rs`), join(folder, name, "mod.rs")];
  const found = usual.find((path) => read(path) !== null) ?? usual[0];
  const files = given.length === 0 ? [found] : given.map((text) => join(here, text.slice(1)));
  for (const file of files) {
    one.file ??= file;
    const flat = given.length > 0 || basename(file) === "mod.rs";
    open.push({ at: one, file, folder: flat ? dirname(file) : join(folder, name) });
  }
  return from + 2;
}

/** `a::{b, c as d, e::*}` as `[{path, name}]`; the name of a glob is `*`. */
function useTree(list, before = []) {
  const path = [...before];
  for (let next = 0; next < list.length; next++) {
    const word = list[next];
    if (word === "{") return branches(list.slice(next + 1, -1)).flatMap((branch) => useTree(branch, path));
    if (word === "*") return [{ path, name: "*" }];
    if (word === "as") return [{ path: ended(path), name: list[next + 1] }];
    if (word !== "::") path.push(word);
  }
  return path.length > 0 ? [{ path: ended(path), name: ended(path).at(-1) }] : [];
}

/** `a::{self}` is `a`. */
const ended = (path) => (path.length > 1 && path.at(-1) === "self" ? path.slice(0, -1) : path);

function branches(list) {
  const found = [[]];
  let depth = 0;
  for (const word of list) {
    if (word === "{") depth++;
    if (word === "}") depth--;
    if (word === "," && depth === 0) found.push([]);
    else found.at(-1).push(word);
  }
  return found.filter((branch) => branch.length > 0);
}

function bring(at, { path, name }) {
  at.paths.push(path);
  if (name !== "*" && name !== "_") at.uses.set(name, path);
}

/** The module that defines what a path names in `at`, as far as modules go; null for another crate's. */
function resolve(at, [first, ...rest], top, seen = new Set()) {
  const begin = () => {
    if (first === "crate") return top;
    if (first === "self") return at;
    if (first === "super") return at.parent;
    return step(at, first, top, seen);
  };
  let found = begin();
  for (const [index, name] of rest.entries()) {
    if (found === null) return null;
    if (name === "super") found = found.parent;
    else {
      const next = step(found, name, top, seen);
      // Another crate's item that this module re-exports counts as its own.
      if (next === null) return index === rest.length - 1 || !found.uses.has(name) ? found : null;
      found = next;
    }
  }
  return found;
}

/** The module behind a name in a module: a child, or the origin of an item that a `use` imports. */
function step(at, name, top, seen) {
  const one = at.children.get(name);
  if (one !== undefined) return one;
  const path = at.uses.get(name);
  const key = `${at.path} ${name}`;
  if (path === undefined || path[0] === name || seen.has(key)) return null;
  return resolve(at, path, top, seen.add(key));
}
