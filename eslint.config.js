// The frontend's fences, each with its reason.
import js from "@eslint/js";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

/** The layers of the page: each imports only from those before it, and no feature another one. */
const layers = ["lib", "components", "features", "views"].map((name) => `./src/${name}`);
const features = ["add", "downloads", "settings"].map((name) => `./src/features/${name}`);
const zones = [
  ...layers.map((target, at) => ({ target, from: layers.slice(at + 1) })),
  ...features.map((target) => ({ target, from: features.filter((other) => other !== target) })),
  // The form of a download's options, for new and for existing ones.
  { target: "./src/features/properties", from: features },
].filter(({ from }) => from.length > 0);

export default ts.config(
  { ignores: ["dist/", "gen/", "src/paraglide/", "src-tauri/", "node_modules/", "e2e/", "scripts/"] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    plugins: { "import-x": importX },
    languageOptions: {
      parserOptions: {
        // What reads the scripts of components, also when a plain module imports them.
        parser: ts.parser,
        projectService: { allowDefaultProject: ["*.js"] },
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: [".svelte"],
      },
    },
    settings: {
      "import-x/ignore": ["node_modules"],
      "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".js", ".svelte"] })],
      "import-x/extensions": [".ts", ".js", ".svelte"],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"], "svelte-eslint-parser": [".svelte"] },
    },
    rules: {
      // A window that waits for nobody's answer loses its errors.
      "@typescript-eslint/no-floating-promises": "error",
      // A circle of modules is one module that nobody can read alone.
      "import-x/no-cycle": ["error", { ignoreExternal: true }],
      "import-x/no-duplicates": "error",
      // What is used by many knows none of them.
      "import-x/no-restricted-paths": ["error", { zones }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // The compiler knows what is defined.
      "no-undef": "off",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { svelteConfig } },
    rules: {
      // `let x = $state()` and `$props()` are written to by the template, which the rule does not see.
      "prefer-const": "off",
      "svelte/prefer-const": ["error", { destructuring: "all" }],
      // The webview's policy forbids it, and it is how a remote name becomes markup.
      "svelte/no-at-html-tags": "error",
      // State here is raw and replaced whole; sets and maps inside it are values, never changed in place.
      "svelte/prefer-svelte-reactivity": "off",
      "svelte/button-has-type": "error",
      // The rules see snippets' parameters and other components as `any`; svelte-check knows their types.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
    },
  },
  {
    // One door to the core: whoever needs it asks api.ts, and tests replace one file.
    files: ["src/**"],
    ignores: ["src/lib/api.ts", "src/dev/**", "src/test/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: ["@tauri-apps/*"], message: "only src/lib/api.ts speaks to the core" },
            { group: ["**/gen/*", "**/gen"], message: "only src/lib/api.ts reads generated types" },
          ],
        },
      ],
    },
  },
  { files: ["*.js"], ...ts.configs.disableTypeChecked },
);
