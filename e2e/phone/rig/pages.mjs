// Serves the built pages on loopback as the application does, with its content security policy, and builds the fake
// core. Knows files and styles; knows no browser.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build } from "vite";
import { root } from "../../../scripts/lib/paths.mjs";

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const dist = join(root, "dist");

/** Serves `dist/` with all text scaled by `scale`. Each server has its own port, and so its own origin. */
export async function servePages(scale = 1) {
  const { app } = JSON.parse(await readFile(join(root, "src-tauri", "tauri.conf.json"), "utf8"));
  const server = createServer(async (request, answer) => {
    try {
      const { pathname } = new URL(request.url, "http://127.0.0.1");
      const file = normalize(pathname === "/" ? "/index.html" : pathname);
      const type = types[extname(file)];
      const body = await readFile(join(dist, file));
      answer.writeHead(200, { "content-type": type, "content-security-policy": app.security.csp });
      answer.end(type === "text/css" ? enlarged(body.toString(), scale) : body);
    } catch {
      answer.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Scales the text as Android does: WebView multiplies every font size, whatever its unit, and every line height, and
 * nothing else. Chromium has no such option on a desktop, so the styles are rewritten.
 */
function enlarged(css, scale) {
  const times = (size, unit) => (Number(size) * scale).toFixed(unit === "px" ? 2 : 5);
  return css
    .replaceAll(/font-size:(calc\((?:[^()]|\([^()]*\))*\))/g, (_, sum) => `font-size:calc(${scale} * ${sum})`)
    .replaceAll(
      /((?:--font-size-[a-z]+|font-size|line-height):)([\d.]+)(px|rem)/g,
      (_, name, size, unit) => `${name}${times(size, unit)}${unit}`,
    )
    .replaceAll(/(?<=[{;])font:[^;}]*/g, (font) =>
      font.replaceAll(/([\d.]+)(px|rem)/g, (_, size, unit) => `${times(size, unit)}${unit}`),
    );
}

/** The fake core as one script to run before the page's own. */
export async function buildCore() {
  const made = await build({
    root,
    configFile: false,
    logLevel: "error",
    plugins: [svelte()],
    build: {
      write: false,
      minify: false,
      lib: { entry: join(root, "src", "dev", "phone.ts"), formats: ["iife"], name: "millracePhone" },
    },
  });
  return made[0].output[0].code;
}
