// Builds the pages from what a clean clone would contain, without anything that an earlier run left, in whatever order
// a user or a workflow calls things. Copies the files that git tracks or would add, so uncommitted changes count.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root } from "./lib/paths.mjs";

let clone;

before(() => {
  clone = mkdtempSync(join(tmpdir(), "millrace-clone-"));
  const listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const names = execFileSync("git", listing, { cwd: root, maxBuffer: 16 << 20 });
  for (const name of names.toString().split("\0")) {
    // A deleted but uncommitted file is still listed, and a symbolic link to the packages is not one of our files.
    if (name === "" || name === "node_modules" || !existsSync(join(root, name))) continue;
    cpSync(join(root, name), join(clone, name));
  }
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules"), "junction");
});

after(() => rmSync(clone, { recursive: true, force: true, maxRetries: 5 }));

test("npm run build makes the pages", { timeout: 300_000 }, () => {
  assert.ok(!existsSync(join(clone, "src", "paraglide")), "made by the build, so never in git");
  execFileSync("npm", ["run", "build"], { cwd: clone, stdio: "pipe", shell: process.platform === "win32" });
  const page = readFileSync(join(clone, "dist", "index.html"), "utf8");
  const scripts = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, path]) => path);
  assert.ok(scripts.length > 0, page);
  for (const path of scripts) assert.ok(existsSync(join(clone, "dist", path)), path);
});

test("that is what Tauri runs before every build of the application", () => {
  const config = JSON.parse(readFileSync(join(root, "src-tauri", "tauri.conf.json"), "utf8"));
  assert.equal(config.build.beforeBuildCommand, "npm run build");
  assert.equal(join(clone, "src-tauri", config.build.frontendDist), join(clone, "dist"));
});
