// Generates the Java that Android's build writes: `R` with the number of every resource, and `BuildConfig`; compiled
// into one jar.
import { mkdirSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, parse } from "node:path";
import { run } from "../../run.mjs";
import { stored } from "./archives.mjs";
import { filesBelow, once } from "./note.mjs";

/** Writes `jar`. `symbols` is aapt2's list for the whole app. Throws with a sentence to show. */
export function generate({ projects, archives, symbols, jar, work }) {
  return once(`${jar}.txt`, [symbols], async () => {
    rmSync(work, { recursive: true, force: true });
    const numbers = listed(readFileSync(symbols, "utf8"));
    for (const { namespace, symbols: own } of archives) {
      const names = existsSync(own) ? [...listed(readFileSync(own, "utf8")).keys()] : [];
      write(work, namespace, "R", resources(names, numbers));
    }
    for (const { namespace, main, buildConfig } of projects) {
      write(work, namespace, "R", resources(named(join(main, "res")), numbers));
      if (buildConfig)
        write(work, namespace, "BuildConfig", "    public static final boolean DEBUG = false;\n");
    }
    const classes = join(work, "classes");
    const files = filesBelow(work).filter((file) => file.endsWith(".java"));
    const failed = await run("javac", ["-nowarn", "-d", classes, ...files], { minutes: 10 });
    if (failed) throw new Error(`the generated classes do not compile: ${failed}`);
    await stored(jar, ["."], classes);
  });
}

/** Maps `type name` to its Java type and value. */
function listed(text) {
  const lines = text.matchAll(/^(int(?:\[\])?) (\w+) (\S+) (.*)$/gm);
  return new Map(Array.from(lines, ([, kind, type, name, value]) => [`${type} ${name}`, { kind, value }]));
}

function resources(names, numbers) {
  const types = new Map();
  for (const one of names) {
    const [type, name] = one.split(" ");
    const number = numbers.get(one);
    // A library's own list includes names of another library's version that the app does not have.
    if (number === undefined) continue;
    const line = `        public static final ${number.kind} ${name} = ${number.value};\n`;
    types.set(type, (types.get(type) ?? "") + line);
  }
  return Array.from(
    types,
    ([type, lines]) => `    public static final class ${type} {\n${lines}    }\n`,
  ).join("");
}

/** The names declared in the files of a `res/`. */
function named(res) {
  const names = new Set();
  for (const file of filesBelow(res)) {
    const [type] = basename(dirname(file)).split("-");
    if (type !== "values") {
      names.add(`${type} ${parse(file).name}`);
      continue;
    }
    for (const [, tag, name] of readFileSync(file, "utf8").matchAll(/<(\w+) name="([\w.]+)"/g))
      names.add(`${tag} ${name.replaceAll(".", "_")}`);
  }
  return names;
}

function write(work, namespace, name, body) {
  const folder = join(work, ...namespace.split("."));
  mkdirSync(folder, { recursive: true });
  const text = `package ${namespace};\npublic final class ${name} {\n${body}}\n`;
  writeFileSync(join(folder, `${name}.java`), text);
}
