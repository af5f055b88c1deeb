// Turns src/messages/ into typed functions, src/paraglide/.
import { run } from "./run.mjs";

// Which language is spoken is asked of the window (src/lib/language.svelte.ts), not of a URL or a cookie. The library's
// plugin for Vite would do the same, and then hold every build open for half a minute.
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

/** Resolves with what went wrong, or null. */
export const compileMessages = () => run("npx", call, { minutes: 2 });
