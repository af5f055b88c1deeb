// Windows under Wine: the command line and the disk's part of the engine are built for it, and their own tests run there.
// Knows what Wine is to be told, and which tests say nothing of Windows there.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { target as built, tauri } from "../paths.mjs";
import { run } from "../run.mjs";
import { targets } from "./check.mjs";
import { standardLibrary } from "./std.mjs";

const WINE = "/usr/lib/wine/wine64";
const SERVER = "/usr/lib/wine/wineserver64";

const ENGINE = ["--lib"];
const COMMAND = ["--bin", "millrace", "--test", "command_line"];

/** Of the engine: what touches files and names. Its scenarios over the network are Linux's as well. */
const FILES_AND_NAMES = ["disk::", "domain::file_name", "domain::user_file_name", "domain::file_id"];

/** What is not so on Windows, or under Wine, by test. */
const LEFT_OUT = [
  // Windows tells neither boots nor mounts apart: nothing is noted without a sync.
  "disk::progress_journal::",
  // Names that Unix takes.
  "domain::file_name::tests::the_link_names_the_file_when_nothing_else_does",
  // A file that is open for reading only is synced.
  "disk::tests::a_write_that_fails_takes_nothing_from_what_was_written_before",
  // Wine's time of creation is that of the last write: an id does not stay the same.
  "disk::tests::a_part_is_known_again_by_its_bytes_only",
  "disk::tests::bytes_behind_4_gib_are_where_they_belong_and_the_file_is_published",
  // Wine's own judgement of certificates knows no validity in time.
  "wording::a_failure_says_what_is_wrong_with_the_certificate_and_what_would_help",
];

/** Windows' generator of random numbers, which Wine has since 9 only. */
const GENERATOR = `#include <windows.h>
#include <ntsecapi.h>
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) { return RtlGenRandom(data, (ULONG)length); }
`;

const folder = join(built, "targets", "wine");
const wine = {
  WINEPREFIX: join(folder, "prefix"),
  WINEDEBUG: "-all",
  // Nobody is asked for Mono and Gecko, no menu of this machine gets entries, and no window opens.
  WINEDLLOVERRIDES: "mscoree,mshtml,winemenubuilder.exe=",
  DISPLAY: "",
};

/** Builds what {@link testUnderWine} runs. Resolves with what went wrong, or null. `install` brings Debian packages; `only` is the standard library's. */
export async function buildForWine(tools) {
  const test = await tests(tools);
  if (typeof test === "string") return test;
  return test([...COMMAND, ...ENGINE, "--no-run"]);
}

/** The same, and runs it. */
export async function testUnderWine(tools) {
  const test = await tests(tools);
  if (typeof test === "string") return test;
  await tools.install(["wine64"]);
  const prepared = await prepare();
  if (prepared !== null) return prepared;
  const left = LEFT_OUT.flatMap((name) => ["--skip", name]);
  try {
    return (await test(ENGINE, ...FILES_AND_NAMES, ...left)) ?? (await test(COMMAND, ...left));
  } finally {
    // Only what runs in this prefix.
    spawnSync(SERVER, ["-k"], { env: { ...process.env, ...wine }, stdio: "ignore", timeout: 60_000 });
  }
}

/** How to call `cargo test` for Windows, with what its tests are given after that; or what is missing. */
async function tests({ install, only }) {
  const { triple, packages, stdCrates } = targets.windows;
  await install(packages);
  const std = await standardLibrary(triple, { only, install, crates: stdCrates });
  if (typeof std === "string") return std;
  const env = {
    ...std.env,
    ...wine,
    CARGO_TARGET_DIR: join(built, "targets"),
    CARGO_PROFILE_DEV_DEBUG: "0",
    CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER: WINE,
  };
  const manifest = ["--manifest-path", join(tauri, "Cargo.toml")];
  // Always both: with one of them, libraries have other features and are compiled once more.
  const crates = ["-p", "millrace-engine", "-p", "millrace-cli"];
  return (what, ...rest) =>
    // Plain cargo: the faster linker would be put in the place of mingw's.
    run("cargo", ["test", ...manifest, ...crates, "--target", triple, ...std.args, ...what, "--", ...rest], {
      minutes: 20,
      env,
    });
}

/** A Windows 10 of our own, with nothing in it. */
async function prepare() {
  const ready = join(folder, "ready");
  if (existsSync(ready)) return null;
  mkdirSync(folder, { recursive: true });
  const call = (command, ...args) => run(command, args, { minutes: 5, env: wine, cwd: folder });
  writeFileSync(join(folder, "generator.c"), GENERATOR);
  const generator = join(wine.WINEPREFIX, "drive_c", "windows", "system32", "bcryptprimitives.dll");
  const compile = ["-shared", "-o", generator, join(folder, "generator.c"), "-ladvapi32"];
  const failed =
    (await call(WINE, "wineboot", "--init")) ??
    (await call(WINE, "reg", "add", "HKCU\\Software\\Wine", "/v", "Version", "/d", "win10", "/f")) ??
    (await call("x86_64-w64-mingw32-gcc", ...compile));
  if (failed === null) writeFileSync(ready, "");
  return failed;
}
