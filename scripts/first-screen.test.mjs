// Checks that a build which loads a library of the menus before the first screen is refused, and one that loads it late is
// not.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "vite";
import { firstScreenPlugin } from "./lib/first-screen.mjs";

const menu = join(import.meta.dirname, "node_modules", "bits-ui", "menu.js");

/** Builds modules by name, of which `entry` is the first and `menu` one of bits-ui. */
function built(modules) {
  const idOf = (name) => (name === "menu" ? menu : `\0${name}`);
  const texts = new Map(Object.entries(modules).map(([name, text]) => [idOf(name), text]));
  const given = {
    name: "given",
    resolveId: (name) => (texts.has(idOf(name)) ? idOf(name) : undefined),
    load: (id) => texts.get(id),
  };
  return build({
    configFile: false,
    logLevel: "silent",
    plugins: [given, firstScreenPlugin()],
    build: { write: false, rolldownOptions: { input: "entry" } },
  });
}

const used = "window.used = open;";
const library = { menu: 'export const open = () => console.log("menu");' };

test("a library of the menus in the entry is refused, also one that is shared with what comes late", async () => {
  const refused = /the first screen loads .*bits-ui\/menu\.js/s;
  await assert.rejects(built({ ...library, entry: `import { open } from "menu"; ${used}` }), refused);
  await assert.rejects(
    built({
      ...library,
      entry: 'import "view"; import("late");',
      view: `import { open } from "menu"; ${used}`,
      late: `import { open } from "menu"; export default open;`,
    }),
    refused,
  );
});

test("one that is loaded late is not", async () => {
  const { output } = await built({
    ...library,
    entry: 'window.load = () => import("late");',
    late: `import { open } from "menu"; export default open;`,
  });
  assert.ok(output.some(({ moduleIds }) => moduleIds?.includes(menu)));
});
