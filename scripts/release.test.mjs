// Runs the steps of the release workflow that run anywhere, so that none runs for the first time on the day of a
// release. What needs a Mac, Windows or Android's kit is only named; `workflows.test.mjs` compares that with the
// projects.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { root } from "./lib/paths.mjs";
import { onPath } from "./lib/run.mjs";
import { gather } from "./release/gather.mjs";
import { notes, sums, version } from "./release/notes.mjs";
import { system } from "./setup.mjs";

let place;
beforeEach(() => (place = mkdtempSync(join(tmpdir(), "millrace-release-"))));
afterEach(() => rmSync(place, { recursive: true, force: true }));

function file(...path) {
  const whole = join(place, ...path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, path.at(-1));
  return whole;
}

test("the programs and the pages are of one version, and tauri.conf.json states no other", () => {
  assert.match(version(), /^\d+\.\d+\.\d+$/);
  const config = JSON.parse(readFileSync(join(root, "src-tauri", "tauri.conf.json"), "utf8"));
  assert.equal(config.version, undefined);
});

test("a release says what its section of the changelog says, and needs one", () => {
  const log =
    "# Changelog\n\n## [Unreleased]\n\n- C\n\n## [0.2.0] - 2026-12-01\n\n### Added\n\n- B\n\n## [0.1.0]\n\n- A\n";
  assert.equal(notes("v0.2.0", log, "0.2.0"), "### Added\n\n- B");
  assert.throws(() => notes("v0.3.0", log, "0.3.0"), /no section \[0\.3\.0\]/);
  assert.throws(() => notes("v0.2.0", log, "0.2.1"), /the tag is v0\.2\.0/);
});

test("checksums are those that sha256sum finds", { skip: !onPath("sha256sum") }, () => {
  file("b.deb");
  file("a.rpm");
  writeFileSync(join(place, "SHA256SUMS"), sums(place));
  const checked = execFileSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: place });
  assert.equal(checked.toString(), "a.rpm: OK\nb.deb: OK\n");
  assert.throws(() => sums(mkdtempSync(join(place, "empty"))), /nothing to release/);
});

test("installers and the command line are gathered, and nothing else; without either it fails", () => {
  const built = join(place, "built");
  const out = join(place, "out");
  file("built", "bundle", "nsis", "Millrace_0.1.0_x64-setup.exe");
  file("built", "bundle", "msi", "Millrace_0.1.0_x64_en-US.msi");
  file("built", "bundle", "msi", "notes.txt");
  assert.throws(() => gather(built, "windows-x86_64", out), /no command line/);
  file("built", "millrace.exe");
  const wanted = [
    "Millrace_0.1.0_x64-setup.exe",
    "Millrace_0.1.0_x64_en-US.msi",
    "millrace-windows-x86_64.exe",
  ];
  assert.deepEqual(gather(built, "windows-x86_64", out), wanted);
  assert.deepEqual(readdirSync(out).sort(), wanted);
  rmSync(join(built, "bundle"), { recursive: true });
  assert.throws(() => gather(built, "windows-x86_64", out), /no installer/);
});

const linux = {
  skip: process.platform === "linux" ? false : "the workflow does it on Linux",
  timeout: 120_000,
};

test("packages for Android are aligned and signed, with a key of the run or with ours", linux, async () => {
  await system(["apksigner", "zipalign", "zip", ...(onPath("keytool") ? [] : ["default-jdk-headless"])]);
  const built = join(place, "outputs");
  for (const name of [
    "apk/arm64/release/app-arm64-release-unsigned.apk",
    "bundle/arm64Release/app-arm64-release.aab",
  ]) {
    mkdirSync(join(built, dirname(name)), { recursive: true });
    file("content", "AndroidManifest.xml");
    execFileSync("zip", ["-q", "-r", join(built, name), "."], { cwd: join(place, "content") });
  }
  const script = join(root, "scripts", "release", "sign-android.mjs");
  const sign = (out, more) => {
    const env = { ...process.env, ...more };
    delete env.ANDROID_HOME;
    const done = spawnSync("node", [script, built, join(place, out)], { env, encoding: "utf8" });
    assert.equal(done.status, 0, done.stderr);
    const signed = join(place, out, "millrace-arm64.apk");
    assert.deepEqual(readdirSync(join(place, out)).sort(), ["millrace-arm64.aab", "millrace-arm64.apk"]);
    const verify = ["verify", "--min-sdk-version", "24", "--print-certs", signed];
    const aab = execFileSync("jarsigner", ["-verify", join(place, out, "millrace-arm64.aab")]).toString();
    assert.match(aab, /jar verified/);
    return execFileSync("apksigner", verify, { encoding: "utf8" });
  };
  assert.match(sign("run", { KEYSTORE: "", PASSWORD: "", ALIAS: "" }), /CN=Millrace unsigned build/);

  const store = ["-keystore", join(place, "own.jks"), "-storepass", "secret", "-alias", "own"];
  execFileSync("keytool", ["-genkeypair", ...store, "-keyalg", "RSA", "-dname", "CN=Somebody"], {
    stdio: "ignore",
  });
  const KEYSTORE = readFileSync(join(place, "own.jks")).toString("base64");
  assert.match(sign("own", { KEYSTORE, PASSWORD: "secret", ALIAS: "own" }), /CN=Somebody/);
  assert.ok(!existsSync(join(place, "own", "key.jks")));

  rmSync(join(built, "apk"), { recursive: true });
  const none = spawnSync("node", [script, built, join(place, "none")], { encoding: "utf8" });
  assert.notEqual(none.status, 0);
  assert.match(none.stderr, /no package below/);
});
