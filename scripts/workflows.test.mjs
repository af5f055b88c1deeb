// Checks the workflows against what they may do and against the projects. Parsed; nothing of them is run here, except
// for the scripts that `release.test.mjs` runs.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { root, tauri } from "./lib/paths.mjs";
import { android, apple, plugin, read } from "./lib/projects.mjs";

test("actions of the workflows are pinned to what they were when they were looked at", () => {
  for (const file of ["ci.yml", "release.yml"]) {
    const workflow = parse(read(root, ".github", "workflows", file));
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
    for (const { uses } of steps.filter((step) => step.uses !== undefined))
      assert.match(uses, /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/, `${file}: ${uses}`);
  }
});

test("the scripts that the workflows call are there", () => {
  const { scripts } = JSON.parse(read(root, "package.json"));
  for (const file of ["ci.yml", "release.yml"]) {
    const workflow = read(root, ".github", "workflows", file);
    for (const [, name] of workflow.matchAll(/npm run ([\w:-]+)/g))
      assert.ok(name in scripts, `${file}: ${name}`);
    const called = [...workflow.matchAll(/node (?:--test )?((?:scripts|e2e)\/\S+)/g)];
    for (const [, path] of called) assert.ok(existsSync(join(root, path)), `${file}: ${path}`);
  }
});

test("Android is built with what the projects name: platforms, NDK, processors", () => {
  const { android: job } = parse(read(root, ".github", "workflows", "release.yml")).jobs;
  const [install, , build] = job.steps.filter(({ run }) => run !== undefined).map(({ run }) => run);
  const compiled = (...path) => Number(/compileSdk = (\d+)/.exec(read(...path, "build.gradle.kts"))[1]);
  for (const level of [compiled(android, "app"), compiled(plugin, "android")])
    // From 37 on a platform's name has a minor version.
    assert.ok(install.includes(`"platforms;android-${level}${level > 36 ? ".0" : ""}"`), String(level));
  const ndk = /const NDK = "([\d.]+)"/.exec(read(root, "scripts", "mobile.mjs"))[1];
  assert.ok(install.includes(`"ndk;${ndk}"`) && install.includes(`$ANDROID_HOME/ndk/${ndk}"`), ndk);
  const triples = {
    aarch64: "aarch64-linux-android",
    armv7: "armv7-linux-androideabi",
    x86_64: "x86_64-linux-android",
  };
  const built = /--target ((?:\w+ )+)--/.exec(build)[1].trim().split(" ");
  assert.deepEqual(built.toSorted(), Object.keys(triples));
  for (const name of built) assert.ok(install.includes(triples[name]), name);
  for (const triple of Object.values(triples))
    assert.ok(read(root, "scripts", "mobile.mjs").includes(triple), triple);
});

test("iOS is built by Tauri's tool, whose part of the Xcode project answers to nothing else", () => {
  const { ios: job } = parse(read(root, ".github", "workflows", "release.yml")).jobs;
  const commands = job.steps.map(({ run }) => run ?? "").join("\n");
  assert.match(read(apple, "project.yml"), /tauri ios xcode-script/);
  assert.doesNotMatch(commands, /xcodebuild/);
  const { productName } = JSON.parse(read(tauri, "tauri.conf.json"));
  assert.match(commands, /tauri -- ios build --ci --debug --target aarch64-sim\b/);
  assert.ok(commands.includes(`smoke/ios.mjs src-tauri/gen/apple/build/arm64-sim/${productName}.app`));
  assert.match(commands, /tauri -- ios build --ci --no-sign --target aarch64$/m);
  assert.ok(commands.includes(`cp src-tauri/gen/apple/build/arm64/${productName}.ipa out/`));
});

test("secrets are only where something is signed or published, and nothing else is built there", () => {
  const { jobs } = parse(read(root, ".github", "workflows", "release.yml"));
  for (const [name, job] of Object.entries(jobs)) {
    assert.ok(!JSON.stringify(job.env ?? {}).includes("secrets."), `${name}: for every step`);
    for (const step of job.steps) {
      if (!JSON.stringify(step).includes("secrets.")) continue;
      assert.match(step.name, /\bsign/i, `${name}: ${step.name}`);
      // These commands run build scripts of dependencies, which must not see secrets.
      assert.doesNotMatch(step.run, /npm (ci|install|run)|cargo|tauri build|gradle/, `${name}: ${step.name}`);
    }
  }
});

test("what the build downloads beside the registries' packages has a checksum", () => {
  const wrapper = read(android, "gradle", "wrapper", "gradle-wrapper.properties");
  assert.match(wrapper, /^distributionSha256Sum=[0-9a-f]{64}$/m);
  const { jobs } = parse(read(root, ".github", "workflows", "release.yml"));
  for (const { name, run } of Object.values(jobs).flatMap((job) => job.steps)) {
    const downloads = (run ?? "").match(/\b(curl|wget) /g)?.length ?? 0;
    assert.equal((run ?? "").match(/\bshasum -a 256 -c -/g)?.length ?? 0, downloads, name);
    assert.doesNotMatch(run ?? "", /brew install/, name);
  }
});
