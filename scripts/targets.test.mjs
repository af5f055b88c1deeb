// Tests the checks of other systems' libraries: each fault once, in synthetic libraries. The real ones are built and
// checked by scripts/lib/targets/.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { problems } from "./lib/targets/android-library.mjs";
import { since, used } from "./lib/targets/android-symbols.mjs";
import { archiveSymbols } from "./lib/targets/archive.mjs";
import { readElf } from "./lib/targets/elf.mjs";
import { declared } from "./lib/targets/jni.mjs";

const natives = [{ name: "Java_a_Rust_onCreate", where: "a.Rust" }];
const right = {
  machine: "aarch64",
  size: 1,
  needed: ["libc.so", "liblog.so"],
  textRelocations: false,
  loads: [{ align: 16_384 }, { align: 65_536 }],
  exported: ["Java_a_Rust_onCreate"],
  undefined: ["malloc"],
};
const found = (change) => problems({ ...right, ...change }, { machine: "aarch64", natives });

test("a library that Android 7 can load, and that has what Kotlin calls, is right", () => {
  assert.deepEqual(found({}), []);
});

test("each thing for which Android would refuse the library, or Kotlin miss a function, is found", () => {
  for (const [change, words] of [
    [{ machine: "x86_64" }, /it is for x86_64/],
    [{ exported: ["Java_a_Rust_onCreated"] }, /Java_a_Rust_onCreate is missing, which a\.Rust declares/],
    [{ undefined: ["malloc", "getrandom"] }, /getrandom is in Android since API 28/],
    [{ undefined: ["__assert_fail"] }, /__assert_fail is not known to be in Android 7/],
    [{ needed: ["libc.so", "libstdc++.so"] }, /it wants libstdc\+\+\.so/],
    [{ textRelocations: true }, /text relocations/],
    [{ loads: [{ align: 16_384 }, { align: 4_096 }] }, /aligned to 16384/],
  ]) {
    const wrong = found(change);
    assert.equal(wrong.length, 1, wrong.join("\n"));
    assert.match(wrong[0], words);
  }
});

test("no name is both used and too new", () => {
  for (const name of Object.values(used).flat()) assert.equal(since(name), null, name);
});

test("Kotlin's native functions are known by the names under which Java looks for them", () => {
  const source = `package {{package}}
    object Rust {
        @JvmStatic external fun onCreate(activity: A)
    }
    class Outer_One(
        private val a: Int
    ) {
        data class Result(val a: Int)
        private external fun some_thing(id: Int)
        object Inner {
            external fun deep()
        }
    }`;
  assert.deepEqual(
    declared(source, "dev.millrace.downloader").map((one) => one.name),
    [
      "Java_dev_millrace_downloader_Rust_onCreate",
      "Java_dev_millrace_downloader_Outer_1One_some_1thing",
      "Java_dev_millrace_downloader_Outer_1One_00024Inner_deep",
    ],
  );
});

test(
  "a shared library and a static one are read as they are",
  { skip: process.platform !== "linux" },
  (t) => {
    const node = readElf(process.execPath);
    assert.ok(node.undefined.includes("malloc") || node.exported.includes("malloc"));
    assert.ok(node.needed.some((name) => name.startsWith("libc.so")));
    assert.ok(node.exported.length > 100);
    const folder = mkdtempSync(join(tmpdir(), "millrace-archive-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const archive = (name, table) => {
      const path = join(folder, "lib.a");
      const head = `${name.padEnd(16)}${"0".padEnd(32)}${String(table.length).padEnd(10)}\`\n`;
      writeFileSync(path, Buffer.concat([Buffer.from(`!<arch>\n${head}`), table]));
      return archiveSymbols(path);
    };
    const numbers = (...of) => Buffer.from(Uint32Array.from(of).buffer);
    const names = Buffer.from("_start_app\0_other\0");
    const apple = Buffer.concat([Buffer.from("__.SYMDEF\0\0\0"), numbers(16, 0, 0, 11, 0, 18), names]);
    assert.deepEqual(archive("#1/12", apple), ["_start_app", "_other"]);
    const gnu = Buffer.concat([Buffer.from([0, 0, 0, 1, 0, 0, 0, 9]), Buffer.from("start_app\0")]);
    assert.deepEqual(archive("/", gnu), ["start_app"]);
    assert.throws(() => readElf(join(folder, "lib.a")), /no ELF file/);
  },
);
