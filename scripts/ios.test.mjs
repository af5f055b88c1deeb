// Checks what the iOS project declares for the app and its share extension: parsed, and compared with what it must and
// must not contain. Runs nothing of it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root, tauri } from "./lib/paths.mjs";
import { apple, plist, plugin, read, xcode, xml } from "./lib/projects.mjs";

test("each key of the plist for iOS says why it is there, and names what the Swift registers", () => {
  const reasons = new Map();
  const info = plist(xml(tauri, "Info.ios.plist"), reasons);
  for (const [key, why] of reasons) assert.ok(why.length > 20, `${key} has no reason`);
  assert.equal(info.UIFileSharingEnabled, true);
  assert.equal(info.LSSupportsOpeningDocumentsInPlace, true);
  const keeper = read(plugin, "ios", "Sources", "KeepAlive.swift");
  const registered = keeper.match(
    /static let identifier = "\\\(Bundle\.main\.bundleIdentifier \?\? "(.+)"\)(.+)"\n/,
  );
  const app = JSON.parse(read(tauri, "tauri.conf.json")).identifier;
  assert.equal(registered?.[1], app, "what the app is called where its bundle does not say");
  const permitted = (bundle, signed) =>
    info.BGTaskSchedulerPermittedIdentifiers.some((pattern) => {
      const prefix = pattern.replace("$(PRODUCT_BUNDLE_IDENTIFIER)", bundle);
      return prefix.endsWith(".*") && `${signed}${registered[2]}`.startsWith(prefix.slice(0, -1));
    });
  assert.ok(permitted(app, app));
  assert.ok(permitted(app, `${app}.TEAM123456`), "signed anew by somebody else");
  assert.deepEqual(info.CFBundleURLTypes[0].CFBundleURLSchemes, ["millrace"]);
});

test("whatever the project for iOS takes as a source is there, unless it is made by a build", () => {
  const made = ["Externals", "millrace-app_iOS"];
  for (const [target, { sources }] of Object.entries(xcode.targets))
    for (const { path } of sources)
      if (!made.includes(path)) assert.ok(existsSync(join(apple, path)), `${target}: ${path}`);
  for (const path of made)
    execFileSync("git", ["check-ignore", "-q", join(apple, path, "Info.plist")], { cwd: root });
});

test("the share sheet of iOS offers Millrace for links and texts, and the app finds what was left there", () => {
  const share = xcode.targets["millrace-share"];
  const app = xcode.targets["millrace-app_iOS"];
  assert.ok(app.dependencies.some((one) => one.target === "millrace-share" && one.embed !== false));
  assert.equal(share.type, "app-extension");
  const config = JSON.parse(read(tauri, "tauri.conf.json"));
  // An extension is found by an identifier below the app's, and rejected if its version differs.
  const { settings, info } = share;
  assert.equal(settings.base.PRODUCT_BUNDLE_IDENTIFIER, `${config.identifier}.share`);
  for (const key of ["CFBundleShortVersionString", "CFBundleVersion"])
    assert.equal(info.properties[key], app.info.properties[key]);
  const extension = info.properties.NSExtension;
  assert.equal(extension.NSExtensionPointIdentifier, "com.apple.share-services");
  const rule = extension.NSExtensionAttributes.NSExtensionActivationRule;
  assert.ok(rule.NSExtensionActivationSupportsWebURLWithMaxCount >= 1);
  assert.equal(rule.NSExtensionActivationSupportsText, true);
  const sources = share.sources.map(({ path }) => path);
  const swift = join(plugin, "ios");
  const view = extension.NSExtensionPrincipalClass.replace("$(PRODUCT_MODULE_NAME).", "");
  assert.ok(read(swift, "Share", `${view}.swift`).includes(`class ${view}: UIViewController`));
  // The same folder on both sides, by the same code.
  const groups = ({ entitlements }) => entitlements.properties["com.apple.security.application-groups"];
  assert.deepEqual(groups(share), [`group.${config.identifier}`]);
  assert.deepEqual(groups(app), groups(share));
  const mailbox = read(swift, "Sources", "Mailbox.swift");
  assert.ok(mailbox.includes(`static let group = "${groups(share)[0]}"`));
  assert.ok(sources.includes("../../plugins/transfer/ios/Sources/Mailbox.swift"));
  assert.ok(read(swift, "Sources", "TransferPlugin.swift").includes("Mailbox()?.take"));
});

test("the share sheet of iOS speaks every language of the app", () => {
  const folder = join(plugin, "ios", "Share");
  const keys = (language) =>
    [...read(folder, `${language}.lproj`, "Localizable.strings").matchAll(/^"(\w+)" = ".+";$/gm)].map(
      ([, key]) => key,
    );
  const used = read(folder, "ShareViewController.swift").matchAll(/(?:say|NSLocalizedString)\("(\w+)"/g);
  const named = [...new Set([...used].map(([, key]) => key))].sort();
  assert.ok(named.length >= 4);
  for (const language of ["en", "de", "zh-Hans"]) assert.deepEqual(keys(language).sort(), named, language);
});
