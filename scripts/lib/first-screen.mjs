// Keeps out of the first screen the libraries that only menus, dialogs and tooltips need: the window would show nothing
// until they are read and run. They are loaded late, by `src/components/late-views.ts` and its neighbours.

const late = [
  ...["bits-ui", "@floating-ui", "runed", "svelte-toolbelt", "tabbable"],
  ...["inline-style-parser", "style-to-object"],
];
const isLate = (id) => late.some((name) => id.includes(`/node_modules/${name}/`));

/** The modules of these libraries that a bundle of Vite loads before the entry runs. */
function tooEarly(bundle) {
  const chunks = Object.values(bundle).filter(({ type }) => type === "chunk");
  const first = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  // A set that grows while it is gone through: with what is imported by what is imported.
  for (const name of first) for (const next of bundle[name]?.imports ?? []) first.add(next);
  return chunks
    .filter(({ fileName }) => first.has(fileName))
    .flatMap(({ moduleIds }) => moduleIds.map((id) => id.replaceAll("\\", "/")).filter(isLate));
}

/** A Vite plugin: a build with such a module fails. */
export const firstScreenPlugin = () => ({
  name: "first-screen",
  apply: "build",
  generateBundle(options, bundle) {
    const found = tooEarly(bundle);
    if (found.length > 0)
      this.error(`the first screen loads what is to be loaded late, import()ed:\n${found.join("\n")}`);
  },
});
