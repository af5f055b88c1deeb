// How the window is built and its tests run. Knows nothing of the app crate beyond the port it expects.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { firstScreenPlugin } from "./scripts/lib/first-screen.mjs";
import { licencesPlugin } from "./scripts/lib/licences.mjs";

export default defineConfig({
  plugins: [svelte(), licencesPlugin(import.meta.dirname), firstScreenPlugin()],
  // The webview's policy allows no inline code and no data: URLs outside images.
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  clearScreen: false,
  server: { port: 1420, strictPort: true, watch: { ignored: ["**/src-tauri/**"] } },
  // Tests mount components, so they need Svelte's browser half.
  resolve: process.env["VITEST"] ? { conditions: ["browser"] } : {},
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts"],
    setupFiles: ["src/test/setup.ts"],
    restoreMocks: true,
    // A bound for a test that hangs; a busy machine takes long for its first render.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Looked at by src/styles/styles.test.ts; others import no stylesheet.
    css: { include: /src\/styles\// },
  },
});
