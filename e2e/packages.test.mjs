// The Linux packages, as `npm run package -- --debug` builds them: checked against the rules of their systems,
// installed below a folder of the test, used with the window and on the command line, and uninstalled. The installed
// packages come from the system's own database, so that a dependency it cannot meet fails the installation.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { target } from "../scripts/lib/paths.mjs";
import { files } from "../scripts/packaging/deb.mjs";
import { SIZES } from "../scripts/packaging/tree.mjs";
import { byTestId } from "./rig/downloads.mjs";
import { start } from "./rig/processes.mjs";
import { scenario } from "./rig/scenario.mjs";
import { sha256 } from "./rig/server.mjs";
import { eventually } from "./rig/webdriver.mjs";

// The window of a release build cannot be driven, by design: the test only checks that it opens and downloads.
const release = process.env.MILLRACE_PACKAGES === "release";
const place = join(target, "packages", release ? "release" : "debug");
const made = (end) =>
  join(
    place,
    "out",
    readdirSync(join(place, "out")).find((name) => name.endsWith(end)),
  );
const [deb, rpm, archive] = [".deb", ".rpm", ".tar.xz"].map(made);
const planted = join(place, "planted", "usr");
const identifier = "dev.millrace.downloader";

/** Output of a command, which must succeed. */
function said(command, ...args) {
  const done = spawnSync(command, args, { encoding: "utf8", env: { ...process.env, LC_ALL: "C.UTF-8" } });
  assert.equal(
    done.status,
    0,
    `${command} ${args.join(" ")}\n${done.error ?? ""}${done.stdout}${done.stderr}`,
  );
  return done.stdout;
}

test("lintian finds no error and nothing to warn of", { timeout: 120_000 }, () => {
  said("lintian", "--profile", "debian", "--tag-display-limit", "0", "--fail-on", "error,warning", deb);
});

test("the desktop file and the metadata are right", () => {
  const desktop = join(planted, "share", "applications", `${identifier}.desktop`);
  said("desktop-file-validate", desktop);
  said(
    "appstreamcli",
    "validate",
    "--no-net",
    join(planted, "share", "metainfo", `${identifier}.metainfo.xml`),
  );
});

test("there is an icon of each size, and it has that size", () => {
  const theme = join(planted, "share", "icons", "hicolor");
  assert.deepEqual(readdirSync(theme).sort(), [...SIZES.map((size) => `${size}x${size}`), "scalable"].sort());
  for (const size of SIZES) {
    const icon = readFileSync(join(theme, `${size}x${size}`, "apps", "millrace-app.png"));
    assert.deepEqual([icon.readUInt32BE(16), icon.readUInt32BE(20)], [size, size]);
  }
});

test("all packages hold the same, and ask for the libraries that the window needs", () => {
  const share = (paths) =>
    paths
      .map((path) => path.replace(/^\.?\/?(usr|millrace-[^/]+)\//, ""))
      .filter(
        (path) => /^(bin|share)\/.*[^/]$/.test(path) && !/^share\/(doc|licenses|lintian|zsh)\//.test(path),
      )
      .sort();
  const wanted = share(files(planted).map((path) => path.replace(planted, "usr")));
  assert.ok(wanted.length >= SIZES.length + 10, wanted.join("\n"));
  const listed = said("dpkg-deb", "--contents", deb).trim().split("\n");
  assert.deepEqual(
    share(listed.filter((line) => line.startsWith("-")).map((line) => line.split(/\s+/)[5])),
    wanted,
  );
  assert.deepEqual(share(said("rpm", "-qlp", rpm).trim().split("\n")), wanted);
  assert.deepEqual(share(said("tar", "-tf", archive).trim().split("\n")), wanted);
  const needs = said("rpm", "-qp", "--requires", rpm);
  assert.match(needs, /^libwebkit2gtk-4\.1\.so\.0\(\)\(64bit\)$/m);
  assert.match(said("rpm", "-qp", "--provides", rpm), /^mimehandler\(x-scheme-handler\/millrace\)$/m);
  assert.match(said("dpkg-deb", "--field", deb, "Depends"), /\blibwebkit2gtk-4\.1-0\b/);
});

test("bash completes what the command line takes", () => {
  const script = join(planted, "share", "bash-completion", "completions", "millrace");
  const ask = `source '${script}'; COMP_WORDS=(millrace get --che); COMP_CWORD=2
    _millrace millrace --che get; echo "\${COMPREPLY[@]}"`;
  assert.equal(said("bash", "-c", ask).trim(), "--checksum");
});

scenario(
  "installed, it downloads with the window, by a link of the desktop and on the command line; removed, nothing is left",
  async (rig) => {
    const root = join(rig.temp, "root");
    const dpkg = await installer(root);
    const before = listing(root);
    await dpkg("--install", deb);
    const bin = join(root, "usr", "bin");
    const share = join(root, "usr", "share");
    // What the triggers of Debian's packages do after an installation.
    said("update-desktop-database", join(share, "applications"));
    const env = {
      ...rig.env,
      PATH: `${bin}:${rig.env.PATH}`,
      XDG_DATA_DIRS: `${share}:/usr/local/share:/usr/share`,
      LC_ALL: "C.UTF-8",
    };
    const call = async (command, ...args) => {
      const done = start(command, args, { env });
      assert.equal(await done.ended, "ended with 0", `${command}: ${done.lines.join("\n")}`);
      return done.lines.join("\n");
    };

    const given = rig.server.serve("/given.bin", { size: 300_000, seed: 71 });
    const opened = rig.server.serve("/opened.bin", { size: 200_000, seed: 72 });
    const typed = rig.server.serve("/typed.bin", { size: 100_000, seed: 73 });
    const arrived = async (file) => {
      const name = file.path.slice(1);
      await eventually(`${name} is there`, 30_000, async () => (await rig.files()).includes(name));
      assert.equal(sha256(await readFile(join(rig.folder, name))), file.sha256, name);
    };

    const binary = join(bin, "millrace-app");
    const app = release
      ? start(binary, [given.url], { env })
      : await rig.start({ binary, args: [given.url], env });
    try {
      await arrived(given);
      // Desktops find a window's icon and name by its window class.
      const entry = readFileSync(join(share, "applications", `${identifier}.desktop`), "utf8");
      const stated = /^StartupWMClass=(.+)$/m.exec(entry)[1];
      await eventually(`a window of the class ${stated}`, 20_000, async () =>
        (await call("xwininfo", "-root", "-tree")).includes(`("${stated}" "`),
      );

      assert.ok((await call("gio", "mime", "x-scheme-handler/millrace")).includes(`${identifier}.desktop`));
      await call("gio", "open", `millrace://add?url=${encodeURIComponent(opened.url)}`);
      if (!release) await agree(app, rig, opened, arrived);
    } finally {
      await (release ? app.stop() : app.close());
    }

    await call("millrace", "get", "-q", typed.url);
    await arrived(typed);

    rmSync(join(share, "applications", "mimeinfo.cache"));
    await dpkg("--purge", "millrace");
    assert.deepEqual(listing(root), before);
  },
  { timeout: 180_000 },
);

/** The link is shown without a request to its server; a press downloads the file. */
async function agree(app, rig, file, arrived) {
  const shown = await eventually("the dialog has the link", 20_000, () =>
    app.page.run("return document.querySelector(arguments[0])?.value", byTestId("add-url")),
  );
  assert.equal(shown, file.url);
  assert.deepEqual(rig.server.of(file.path), [], "shown first");
  await app.page.click(byTestId("add-start"));
  await arrived(file);
}

/**
 * A separate root whose dpkg database lists the packages installed here; resolves with a function that runs dpkg for
 * it.
 */
async function installer(root) {
  const admin = join(root, "var", "lib", "dpkg");
  for (const folder of ["info", "updates", "triggers"]) mkdirSync(join(admin, folder), { recursive: true });
  const wanted = /^(Package|Status|Architecture|Multi-Arch|Version|Provides): /;
  const stanzas = readFileSync("/var/lib/dpkg/status", "utf8").split("\n\n");
  const known = stanzas
    .map((stanza) => stanza.split("\n").filter((line) => wanted.test(line)))
    .filter(
      (lines) => lines.includes("Status: install ok installed") && !lines.includes("Package: millrace"),
    );
  const maintained = (lines) => [...lines, "Maintainer: nobody", "Description: here"].join("\n");
  writeFileSync(join(admin, "status"), `${known.map(maintained).join("\n\n")}\n`);
  for (const lines of known) {
    const value = (name) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const same = value("Multi-Arch") === "same" ? `:${value("Architecture")}` : "";
    writeFileSync(join(admin, "info", `${value("Package")}${same}.list`), "");
  }
  return async (...args) => {
    const unprivileged = process.getuid() === 0 ? [] : ["--user", "--map-root-user"];
    const forced = ["--force-not-root", "--force-script-chrootless"];
    // By default dpkg would write to the machine's log.
    const log = `--log=${join(root, "..", "dpkg.log")}`;
    const inner = ["dpkg", `--root=${root}`, log, ...forced, ...args];
    const done = start("unshare", [...unprivileged, "--", ...inner]);
    assert.equal(await done.ended, "ended with 0", done.lines.join("\n"));
  };
}

/** Every file and folder below the root, except dpkg's database. */
function listing(root) {
  return readdirSync(root, { recursive: true })
    .filter((path) => !path.startsWith(join("var", "lib", "dpkg")))
    .sort();
}
