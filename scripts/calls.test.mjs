// Checks that Rust and the phone projects use the same names of classes, methods and commands: they are strings, and no
// compiler sees both sides.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { plugin, read } from "./lib/projects.mjs";

const rust = join(plugin, "src");
const kotlin = join(plugin, "android", "src", "main", "java", "dev", "millrace", "transfer");
const sources = readdirSync(rust).map((name) => read(rust, name));
const constant = (source, name) => source.match(new RegExp(`const ${name}: &str =\\s*"(.+)";`))?.[1];

test("the class and the method that Rust calls without an activity are in the Kotlin, and are kept as they are called", () => {
  const source = read(rust, "android.rs");
  const [, place, name] = constant(source, "CLASS").match(/^(.+)\.(\w+)$/);
  const text = read(kotlin, `${name}.kt`);
  assert.match(text, new RegExp(`^package ${place}$`, "m"));
  assert.match(text, new RegExp(`^object ${name} `, "m"));
  const types = { Context: "Landroid/content/Context;", String: "Ljava/lang/String;" };
  const method = constant(source, "METHOD");
  const found = text.match(new RegExp(`@JvmStatic\\s+fun ${method}\\(([^)]*)\\): (\\w+)`));
  assert.ok(found, `${name}.${method} is no static method`);
  const given = found[1].split(", ").map((one) => types[one.split(": ")[1]]);
  assert.equal(`(${given.join("")})${types[found[2]]}`, constant(source, "SIGNATURE"));
  assert.match(
    read(plugin, "android", "consumer-rules.pro"),
    new RegExp(`^-keep class ${place}\\.\\*\\*`, "m"),
  );
});

test("the plugin that Tauri looks for by its name is there", () => {
  const all = sources.join("\n");
  const [, name] = all.match(/register_android_plugin\(PACKAGE, "(\w+)"\)/);
  const text = read(kotlin, `${name}.kt`);
  assert.ok(text.includes(`package ${constant(all, "PACKAGE")}`));
  assert.match(text, new RegExp(`@TauriPlugin(?:\\([^@]*\\))?\\s+class ${name}\\(`));
  const [, swift] = all.match(/ios_plugin_binding!\((\w+)\)/);
  assert.ok(read(plugin, "ios", "Sources", "TransferPlugin.swift").includes(`@_cdecl("${swift}")`));
});

test("each command that Rust calls is carried out by the Kotlin that it goes to", () => {
  const called = (way) =>
    sources.flatMap((source) =>
      [...source.matchAll(new RegExp(`self(?:\\.0)?\\.${way}(?:::<\\w+>)?\\(\\s*"(\\w+)"`, "g"))].map(
        ([, name]) => name,
      ),
    );
  const background = [...called("background"), ...called("row")];
  const foreground = called("foreground");
  assert.ok(background.length >= 10 && foreground.length >= 4, "they are looked for in the wrong place");
  const calls = read(kotlin, "Calls.kt");
  // iOS downloads in the background by itself; Android has nothing to offload.
  for (const name of background.filter((one) => one !== "handOver"))
    assert.match(calls, new RegExp(`^\\s+"${name}" ->`, "m"), name);
  const commands = read(kotlin, "TransferPlugin.kt");
  for (const name of foreground) assert.match(commands, new RegExp(`@Command\\s+fun ${name}\\(`), name);
});

test("each command that Rust calls on iOS is one of the Swift's", () => {
  const all = sources.join("\n");
  const swift = read(plugin, "ios", "Sources", "TransferPlugin.swift");
  const commands = [...swift.matchAll(/@objc public func (\w+)\(_ invoke: Invoke\)/g)].map(
    ([, name]) => name,
  );
  assert.deepEqual(commands.sort(), [
    "handOver",
    "hold",
    "listen",
    "open",
    "release",
    "share",
    "surroundings",
  ]);
  for (const name of commands) assert.ok(all.includes(`"${name}"`), `nobody calls ${name}`);
});
