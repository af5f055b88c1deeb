// Checks the Android app's merged manifest (ours, Tauri's, every plugin's and every library's): requested permissions,
// exported components, and what runs in it. The manifest is made by `npm run check:targets -- kotlin`, which runs this
// test.
import assert from "node:assert/strict";
import { test } from "node:test";
import { join } from "node:path";
import { target } from "./lib/paths.mjs";
import { projects } from "./lib/targets/kotlin/gradle.mjs";
import { libraries } from "./lib/targets/kotlin/artifacts.mjs";
import { named, plugin, xml } from "./lib/projects.mjs";

// projects.test.mjs checks our own manifest; this test checks the merged one, including what libraries add.
const ours = xml(plugin, "android", "src", "main", "AndroidManifest.xml");
const manifest = xml(join(target, "targets", "kotlin", "AndroidManifest.xml"));
const application = manifest.querySelector("application");
const all = (tag) => [...manifest.querySelectorAll(tag)];
const is = (element, attribute) => element.getAttribute(`android:${attribute}`);

test("the app asks for what our plugin asks for, and for what these bring, and for nothing else", () => {
  const own = [...ours.querySelectorAll("uses-permission")].map(named);
  const others = [
    // Tauri's project: pages and engine
    "android.permission.INTERNET",
    // the notification plugin, for scheduled notifications
    "android.permission.RECEIVE_BOOT_COMPLETED",
    "android.permission.WAKE_LOCK",
    "android.permission.POST_NOTIFICATIONS",
    // androidx.core, for receivers that only the app itself can reach
    "dev.millrace.downloader.DYNAMIC_RECEIVER_NOT_EXPORTED_PERMISSION",
  ];
  assert.deepEqual(all("uses-permission").map(named).sort(), [...new Set([...own, ...others])].sort());
  const made = all("permission").map((one) => [named(one), is(one, "protectionLevel")]);
  assert.deepEqual(made, [["dev.millrace.downloader.DYNAMIC_RECEIVER_NOT_EXPORTED_PERMISSION", "signature"]]);
});

test("the public folder is the app's below Android 11 only", () => {
  const storage = all("uses-permission").filter((one) => named(one).includes("STORAGE"));
  assert.deepEqual(
    storage.map((one) => [named(one), is(one, "maxSdkVersion")]).sort(),
    ["READ", "WRITE"].map((one) => [`android.permission.${one}_EXTERNAL_STORAGE`, "29"]),
  );
  assert.equal(is(application, "requestLegacyExternalStorage"), "true");
});

test("nothing is backed up, neither to a cloud nor to another device", () => {
  assert.equal(is(application, "allowBackup"), "false");
  assert.equal(is(application, "fullBackupContent"), "false");
  assert.equal(is(application, "dataExtractionRules"), "@xml/transfer_data_extraction");
});

test("plain HTTP is nobody's but the engine's, and nobody can debug what is released", () => {
  assert.equal(is(application, "usesCleartextTraffic"), "false");
  assert.equal(is(application, "debuggable"), null);
  assert.equal(is(application, "testOnly"), null);
});

test("it runs from Android 7 on, and knows the rules of Android 17", () => {
  const [sdk, ...others] = all("uses-sdk");
  assert.deepEqual(others, []);
  assert.equal(is(sdk, "minSdkVersion"), "24");
  assert.equal(is(sdk, "targetSdkVersion"), "37");
  assert.equal(manifest.documentElement.getAttribute("package"), "dev.millrace.downloader");
});

const kinds = ["activity", "activity-alias", "service", "receiver", "provider"];
const full = (element) => named(element).replace(/^\./, "dev.millrace.transfer.");
const opened = (element) => is(element, "exported") === "true";

test("every component says whether it is open, and only ours, the app's own window and one of the system's are", () => {
  const components = kinds.flatMap(all);
  assert.ok(components.length > 8, "they are there");
  // Without an intent filter the default of `exported` is false.
  for (const one of components.filter((each) => is(each, "exported") === null))
    assert.equal(one.querySelector("intent-filter"), null, named(one));
  const open = components.filter(opened).map(named);
  const own = kinds.flatMap((kind) => [...ours.querySelectorAll(kind)]).filter(opened);
  const profile = "androidx.profileinstaller.ProfileInstallReceiver";
  assert.deepEqual(open.sort(), [...own.map(full), "dev.millrace.downloader.MainActivity", profile].sort());
  const [installer] = components.filter((one) => named(one) === profile);
  assert.equal(
    is(installer, "permission"),
    "android.permission.DUMP",
    "only a shell may: it prepares the code",
  );
});

test("no class and no authority is declared twice", () => {
  const names = ["activity", "service", "receiver", "provider"].flatMap(all).map(named);
  assert.deepEqual(names, [...new Set(names)]);
  const authorities = all("provider").flatMap((one) => is(one, "authorities").split(";"));
  assert.deepEqual(authorities, [...new Set(authorities)]);
  assert.deepEqual(authorities.sort(), [
    "dev.millrace.downloader.androidx-startup",
    "dev.millrace.downloader.fileprovider",
    "dev.millrace.downloader.transfer.files",
  ]);
});

test("files are lent only by grants, file by file", () => {
  for (const one of all("provider").filter((provider) => !named(provider).includes(".startup."))) {
    assert.equal(is(one, "exported"), "false", named(one));
    assert.equal(is(one, "grantUriPermissions"), "true", named(one));
  }
});

test("the services are ours alone, as ours says", () => {
  const said = (one) => [full(one), is(one, "permission"), is(one, "foregroundServiceType")];
  const own = [...ours.querySelectorAll("service")].map(said);
  assert.ok(own.length > 1, "they are there");
  assert.deepEqual(all("service").map(said).sort(), own.sort());
});

test("the app is started by its icon, in the one task", () => {
  const [main] = all("activity").filter((one) => named(one) === "dev.millrace.downloader.MainActivity");
  assert.equal(is(main, "launchMode"), "singleTask");
  const categories = [...main.querySelectorAll("category")].map(named);
  assert.ok(categories.includes("android.intent.category.LAUNCHER"));
});

test("the libraries are those that Gradle takes: of each the newest that anything in the app names", () => {
  const has = new Map(libraries.map((one) => [one.split(":").slice(0, 2).join(":"), one.split(":")[2]]));
  // Named by the dialog plugin, but not available from Maven; it is compiled against the previous version.
  const older = new Map([["com.google.android.material:material", "1.13.0"]]);
  const wanted = projects(join(target, "targets", "kotlin", "app")).flatMap((project) => project.wanted);
  assert.ok(wanted.length > 10, "they are read");
  for (const one of wanted.filter((each) => /^(androidx|com\.google)\./.test(each))) {
    const [group, name, version] = one.split(":");
    const library = `${group}:${name}`;
    if (older.get(library) === version) continue;
    assert.ok(has.has(library), one);
    const newer = has.get(library).localeCompare(version, "en", { numeric: true });
    assert.ok(newer >= 0, `${one}, and here ${has.get(library)}`);
  }
});
