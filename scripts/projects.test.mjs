// Checks what the phone projects declare for the app: parsed, and compared with what they must and must not contain.
// Runs nothing of them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { root, tauri } from "./lib/paths.mjs";
import { android, apple, named, plist, plugin, read, reason, xcode, xml } from "./lib/projects.mjs";

const manifest = xml(plugin, "android", "src", "main", "AndroidManifest.xml");
const app = xml(android, "app", "src", "main", "AndroidManifest.xml");

test("each permission on Android is one of these, and says why it is there", () => {
  const permissions = [...manifest.querySelectorAll("uses-permission")];
  const names = permissions.map((one) => named(one).replace("android.permission.", ""));
  assert.deepEqual(names.sort(), [
    "ACCESS_LOCAL_NETWORK",
    "ACCESS_NETWORK_STATE",
    "FOREGROUND_SERVICE",
    "FOREGROUND_SERVICE_DATA_SYNC",
    "POST_NOTIFICATIONS",
    "POST_PROMOTED_NOTIFICATIONS",
    "READ_EXTERNAL_STORAGE",
    "RECEIVE_BOOT_COMPLETED",
    "RUN_USER_INITIATED_JOBS",
    "WAKE_LOCK",
    "WRITE_EXTERNAL_STORAGE",
  ]);
  for (const one of permissions.filter((each) => named(each).endsWith("_EXTERNAL_STORAGE")))
    assert.equal(one.getAttribute("android:maxSdkVersion"), "29", "later Androids have the shared list");
  for (const one of permissions) assert.ok(reason(one).length > 20, `${named(one)} has no reason`);
});

test("nothing of the app is backed up: its list and settings hold passwords and cookies", () => {
  const application = manifest.querySelector("application");
  assert.equal(application.getAttribute("android:allowBackup"), "false");
  assert.equal(application.getAttribute("android:fullBackupContent"), "false");
  assert.equal(app.querySelector("application").getAttribute("android:allowBackup"), null);
  const rules = application.getAttribute("android:dataExtractionRules").replace("@xml/", "");
  const document = xml(plugin, "android", "src", "main", "res", "xml", `${rules}.xml`);
  for (const way of ["cloud-backup", "device-transfer"]) {
    const domains = [...document.querySelectorAll(`${way} > exclude[path="."]`)].map((one) =>
      one.getAttribute("domain"),
    );
    assert.deepEqual(domains.sort(), ["database", "external", "file", "root", "sharedpref"], way);
    assert.equal(document.querySelector(`${way} > include`), null);
  }
});

test("the generated manifest is as Tauri made it: what the app needs is in the plugin's", () => {
  const permissions = [...app.querySelectorAll("uses-permission")].map(named);
  assert.deepEqual(permissions, ["android.permission.INTERNET"]);
  assert.equal(app.querySelectorAll("service, receiver").length, 0);
});

test("every class that a manifest names exists, and only what other apps call is open to them", () => {
  for (const tag of ["service", "receiver", "activity", "provider"]) {
    for (const element of manifest.querySelectorAll(tag)) {
      const name = named(element).slice(1);
      const file = join(
        plugin,
        "android",
        "src",
        "main",
        "java",
        "dev",
        "millrace",
        "transfer",
        `${name}.kt`,
      );
      assert.ok(existsSync(file), file);
      const open = element.getAttribute("android:exported") === "true";
      // Only the system may show the tile: it requires a permission that no other app can hold.
      const system =
        element.getAttribute("android:permission") === "android.permission.BIND_QUICK_SETTINGS_TILE";
      assert.equal(open, name === "LinkActivity" || system, name);
    }
  }
  const job = manifest.querySelector("service[*|name='.TransferJob']") ?? manifest.querySelector("service");
  assert.equal(job.getAttribute("android:permission"), "android.permission.BIND_JOB_SERVICE");
});

test("files are lent one by one, and it says why: nobody can ask for others", () => {
  const [provider, ...others] = manifest.querySelectorAll("provider");
  assert.deepEqual(others, []);
  assert.equal(provider.getAttribute("android:exported"), "false");
  assert.equal(provider.getAttribute("android:grantUriPermissions"), "true");
  assert.ok(reason(provider).length > 20, "it has no reason");
  const source = read(
    plugin,
    "android",
    "src",
    "main",
    "java",
    "dev",
    "millrace",
    "transfer",
    "ExportedFileProvider.kt",
  );
  const authority = provider.getAttribute("android:authorities").replace("${applicationId}", "");
  assert.ok(source.includes(`packageName}${authority}"`), authority);
});

test("the service in the foreground names its kind, and its permission is asked for", () => {
  const kinds = [...manifest.querySelectorAll("service")].map((one) =>
    one.getAttribute("android:foregroundServiceType"),
  );
  assert.deepEqual(
    kinds.filter((kind) => kind !== null),
    ["dataSync"],
  );
});

test("links come in by sharing, by our scheme, and by files behind web links, never by pages", () => {
  const filters = [...manifest.querySelectorAll("activity > intent-filter")].map((filter) => ({
    actions: [...filter.querySelectorAll("action")].map((one) =>
      named(one).replace("android.intent.action.", ""),
    ),
    schemes: [...filter.querySelectorAll("data")].map((one) => one.getAttribute("android:scheme")),
    types: [...filter.querySelectorAll("data")].map((one) => one.getAttribute("android:mimeType")),
  }));
  const view = filters.at(-1);
  const files = view.types.filter((type) => type !== null);
  // At least one type, or every link would match; and none of a page, except the few that are served as an
  // application's.
  assert.ok(files.includes("application/*") && files.includes("image/*"));
  for (const type of files) assert.doesNotMatch(type, /^(\*|text\/(\*|html))|xhtml/);
  const only = (values) => values.filter((value) => value !== null);
  assert.deepEqual(
    filters.map(({ actions, schemes, types }) => [actions.join(), only(schemes), only(types)]),
    [
      ["SEND,SEND_MULTIPLE", [], ["text/plain"]],
      ["VIEW", ["millrace"], []],
      ["VIEW", ["http", "https"], files],
    ],
  );
});

test("texts of the manifest are there in every language", () => {
  const names = (folder) => {
    const strings = xml(plugin, "android", "src", "main", "res", folder, "strings.xml");
    return [...strings.querySelectorAll("string")].map((one) => one.getAttribute("name"));
  };
  const used = read(plugin, "android", "src", "main", "AndroidManifest.xml").matchAll(/@string\/(\w+)/g);
  for (const [, name] of used) assert.ok(names("values").includes(name), name);
  for (const folder of ["values-de", "values-zh"]) assert.deepEqual(names(folder), names("values"));
});

test("macOS asks before it opens a program that was downloaded", () => {
  const reasons = new Map();
  const info = plist(xml(tauri, "Info.plist"), reasons);
  for (const [key, why] of reasons) assert.ok(why.length > 20, `${key} has no reason`);
  assert.equal(info.LSFileQuarantineEnabled, true);
});

test("the projects speak of the app that the configuration names", () => {
  const config = JSON.parse(read(tauri, "tauri.conf.json"));
  const names = xcode.settingGroups.app.base;
  assert.equal(names.PRODUCT_BUNDLE_IDENTIFIER, config.identifier);
  assert.equal(names.PRODUCT_NAME, config.productName);
  const ios = JSON.parse(read(tauri, "tauri.ios.conf.json")).bundle.iOS;
  assert.equal(String(xcode.options.deploymentTarget.iOS), String(Number(ios.minimumSystemVersion)));
  const gradle = read(android, "app", "build.gradle.kts");
  assert.ok(gradle.includes(`applicationId = "${config.identifier}"`));
  const least = JSON.parse(read(tauri, "tauri.android.conf.json")).bundle.android.minSdkVersion;
  assert.ok(gradle.includes(`minSdk = ${least}`));
  assert.ok(read(plugin, "android", "build.gradle.kts").includes(`minSdk = ${least}`));
});

test("icons are there in every size that the projects ask for, and are ours", () => {
  const set = join(apple, "Assets.xcassets", "AppIcon.appiconset");
  for (const { filename } of JSON.parse(read(set, "Contents.json")).images)
    assert.deepEqual(readFileSync(join(set, filename)), readFileSync(join(tauri, "icons", "ios", filename)));
  const res = join(android, "app", "src", "main", "res");
  for (const size of ["mdpi", "hdpi", "xhdpi", "xxhdpi", "xxxhdpi"])
    for (const name of ["ic_launcher", "ic_launcher_round", "ic_launcher_foreground"]) {
      const path = [`mipmap-${size}`, `${name}.png`];
      assert.deepEqual(
        readFileSync(join(res, ...path)),
        readFileSync(join(tauri, "icons", "android", ...path)),
      );
    }
});

test("no project names a folder of somebody's machine", () => {
  const files = execFileSync("git", ["ls-files", "-z", "src-tauri/gen", "src-tauri/plugins"], { cwd: root });
  const paths = files.toString().split("\0").filter(Boolean);
  assert.ok(paths.length > 60, "the projects are committed");
  for (const path of paths.filter((one) => !/\.(png|jar)$/.test(one))) {
    const found = read(root, path).match(/(?:^|[\s"'=:(])(\/(?:home|root|Users|work|tmp)\/\S*)/);
    assert.equal(found, null, `${path}: ${found?.[1]}`);
  }
});

test("what Tauri puts beside a plugin for a phone's build is ignored, wherever it is made", () => {
  for (const folder of ["", "android", "ios"]) {
    const made = join(plugin, folder, ".tauri", "tauri-api", "Package.swift");
    // exits with 1, and so throws, where git would track it
    execFileSync("git", ["check-ignore", "-q", made], { cwd: root });
  }
});

test("only the engine can make HTTP clients, and there the lint knows every way to make one", () => {
  const manifest = ["--no-deps", "--format-version", "1", "--manifest-path", join(tauri, "Cargo.toml")];
  const told = execFileSync("cargo", ["metadata", ...manifest], { maxBuffer: 64 << 20 });
  const speak = ["reqwest", "hyper", "ureq", "curl", "isahc"];
  const able = JSON.parse(told).packages.filter(({ dependencies }) =>
    dependencies.some(({ name, kind }) => kind === null && speak.includes(name)),
  );
  assert.deepEqual(
    able.map(({ name }) => name),
    ["millrace-engine"],
  );
  const fences = read(tauri, "crates", "engine", "clippy.toml");
  for (const way of ["reqwest::Client::builder", "reqwest::Client::new", "reqwest::ClientBuilder::new"])
    assert.ok(fences.includes(`path = "${way}"`), way);
});

test("neither the engine nor the backend needs Tauri, whatever its features", () => {
  for (const name of ["millrace-engine", "millrace-backend"]) {
    const where = ["--manifest-path", join(tauri, "Cargo.toml"), "-p", name, "--all-features"];
    const shown = ["-e", "normal,build", "--target", "all", "--prefix", "none", "--format", "{p}"];
    const told = execFileSync("cargo", ["tree", "--locked", ...where, ...shown], { encoding: "utf8" });
    const needed = [...new Set(told.split("\n").map((line) => line.split(" ")[0]))];
    assert.ok(needed.includes("tokio"), "the tree was read");
    assert.deepEqual(
      needed.filter((one) => /^(tauri|wry|tao|webkit2gtk|gtk)\b/.test(one)),
      [],
      name,
    );
  }
});
