// Tests the parser of Rust modules and the faults it reports on crates of a few lines; and that no file of the real
// crates is missed.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { tauri } from "./lib/paths.mjs";
import { faults } from "./lib/rust/directions.mjs";
import { modulesOf } from "./lib/rust/modules.mjs";
import { crates } from "./lib/rust/rules.mjs";

/** The modules of a crate with these files, below `src`. */
function crate(files) {
  const texts = new Map(Object.entries(files).map(([name, text]) => [join("src", name), text]));
  return modulesOf(join("src", "lib.rs"), (path) => texts.get(path) ?? null);
}

const taken = (modules) =>
  Object.fromEntries(
    [...modules]
      .filter(([, { takes }]) => takes.size > 0)
      .map(([path, { takes }]) => [path, [...takes].sort()]),
  );

test("what a module takes is read from use trees and from paths in the code", () => {
  const modules = crate({
    "lib.rs": "mod a; mod b; mod c; mod d;",
    "a.rs": "use crate::{b::{self, One as Other}, c::*}; use std::fs::File; use serde::Serialize;",
    "b.rs":
      "pub(in crate::a) fn f() -> super::c::Two { if x { crate::d::run::<u8>() } else { y.c::<u8>() } }",
    "c.rs": "",
    "d.rs": "use super::a; fn f() { a::g() }",
  });
  assert.deepEqual(taken(modules), { a: ["b", "c"], b: ["c", "d"], d: ["a"] });
});

test("comments, texts, characters and what only tests see take nothing", () => {
  const modules = crate({
    "lib.rs": "mod a; mod b; #[cfg(test)] mod gone; #[cfg(all(test, unix))] mod gone_too;",
    "a.rs": `
      //! [crate::b]
      /* crate::b /* crate::b */ crate::b */
      const TEXTS: [&str; 3] = ["crate::b \\" crate::b", r#"" crate::b"#, b"crate::b"];
      fn f<'a>(x: &'a str) -> char { if x == "\\"" { '"' } else { '\\'' } }
      #[cfg(test)]
      use crate::b::One;
      #[cfg(test)]
      impl A { fn g(&self) -> [u8; 2] { crate::b::two() } }
      struct S { #[cfg(test)] one: crate::b::One, two: u8 }
      #[cfg(test)]
      mod tests { use crate::b::*; }`,
    "b.rs": "#[cfg(any(test, unix))] use super::a;",
  });
  assert.deepEqual(taken(modules), { b: ["a"] });
});

test("an item is where it is defined, however it is passed on", () => {
  const modules = crate({
    "lib.rs": "mod a; mod b; pub use a::{Deep as Shown, outside};",
    "a/mod.rs": "mod deep; pub use deep::Deep; pub use other_crate::outside; pub struct Own;",
    "a/deep.rs": "use super::Own; use super::super::b;",
    "b.rs": "use crate::Shown; fn f(_: crate::a::Own) {}",
  });
  assert.deepEqual(taken(modules), {
    "": ["a", "a::deep"],
    a: ["a::deep"],
    "a::deep": ["a", "b"],
    b: ["a", "a::deep"],
  });
});

test("the files that systems have for one name are one module, wherever they are", () => {
  const modules = crate({
    "lib.rs":
      'mod a { mod inside; } mod b; #[cfg_attr(unix, path = "x/u.rs")] #[cfg_attr(windows, path = "x/w.rs")] mod own;',
    "a/inside.rs": "use super::super::b;",
    "b.rs": "",
    "x/u.rs": "mod below;",
    "x/below.rs": "use crate::a;",
    "x/w.rs": "use crate::b;",
  });
  assert.deepEqual(taken(modules), { "a::inside": ["b"], own: ["b"], "own::below": ["a"] });
  assert.throws(() => crate({ "lib.rs": "mod a;" }), /a\.rs is named by a module and is not there/);
});

const three = {
  "lib.rs": "mod low; mod high; mod side;",
  "low.rs": "",
  "high.rs": "use crate::low;",
  "side.rs": "",
};
const layers = [["low"], ["high", "side"]];

test("a layer takes from those before it only, and every module is in one", () => {
  assert.deepEqual(faults(crate(three), { layers }), []);
  assert.deepEqual(faults(crate({ ...three, "low.rs": "use crate::side;" }), { layers }), [
    "low may not take from side: low takes from side",
  ]);
  assert.deepEqual(faults(crate({ ...three, "high.rs": "use crate::side;" }), { layers }), [
    "high may not take from side: high takes from side",
  ]);
  assert.deepEqual(faults(crate(three), { layers: [["low"], ["high", "gone"]] }), [
    "side is in no layer",
    "the layers name gone, which is not there",
  ]);
});

const round = {
  "lib.rs": "mod a;",
  "a.rs": "mod b; mod c; mod d;",
  "a/b.rs": "use super::c;",
  "a/c.rs": "mod e;",
  "a/c/e.rs": "use crate::a::d;",
  "a/d.rs": "use super::b;",
};

test("neighbours form no circle, however deep below them it is closed", () => {
  assert.deepEqual(faults(crate(round), {}), [
    "a circle, a::b takes from a::c, a::c::e takes from a::d, a::d takes from a::b",
  ]);
});

test("of the crates every file is read that is not a test's", () => {
  for (const { root } of crates) {
    const seen = new Set();
    const read = (path) => {
      if (!existsSync(path)) return null;
      seen.add(path);
      return readFileSync(path, "utf8");
    };
    modulesOf(join(tauri, root), read);
    const folder = dirname(join(tauri, root));
    const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".rs"));
    // Test folders, test files beside what they test, and what is declared for tests only.
    const others = /tests?\b|fixtures|^main\.rs$|^manual\.rs$/;
    const missed = files.filter((name) => !seen.has(join(folder, name)) && !others.test(name));
    assert.deepEqual(missed, [], root);
  }
});
