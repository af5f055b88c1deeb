// Compiles src/messages/ to typed functions, src/paraglide/.
import { run } from "./run.mjs";

// The locale comes from the window (src/lib/language.svelte.ts), not from a URL or a cookie. The library's Vite plugin
// would do the same, but keeps every build open for half a minute.
const call = [
  ...["paraglide-js", "compile", "--silent", "--emit-ts-declarations"],
  ...[
    "--project",
    "./project.inlang",
    "--outdir",
    "./src/paraglide",
    "--strategy",
    "globalVariable",
    "baseLocale",
  ],
];

/** Resolves with an error message, or null. */
export const compileMessages = () => run("npx", call, { minutes: 2 });
