// Windows under Wine: builds the command line and the disk modules of the engine, and runs their tests there. Knows
// Wine's settings, and which tests do not apply there.
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

/** Engine modules that handle files and names. Its network scenarios are the same as on Linux. */
const FILES_AND_NAMES = ["disk::", "domain::file_name", "domain::user_file_name", "domain::file_id"];

/** Tests that do not hold on Windows, or under Wine, by name. */
const LEFT_OUT = [
  // Windows has no boot or mount ids: nothing is recorded without a sync.
  "disk::progress_journal::",
  // Names that Unix allows.
  "domain::file_name::tests::the_link_names_the_file_when_nothing_else_does",
  // A file that is open for reading only is synced.
  "disk::tests::a_write_that_fails_takes_nothing_from_what_was_written_before",
  // Wine's creation time is that of the last write: a file id does not stay the same.
  "disk::tests::a_part_is_known_again_by_its_bytes_only",
  "disk::tests::bytes_behind_4_gib_are_where_they_belong_and_the_file_is_published",
  // Wine's own certificate check ignores validity periods.
  "wording::a_failure_says_what_is_wrong_with_the_certificate_and_what_would_help",
];

/** Windows' random number generator, which Wine has since version 9 only. */
const GENERATOR = `#include <windows.h>
#include <ntsecapi.h>
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) { return RtlGenRandom(data, (ULONG)length); }
`;

const folder = join(built, "targets", "wine");
const wine = {
  WINEPREFIX: join(folder, "prefix"),
  WINEDEBUG: "-all",
  // No prompts for Mono and Gecko, no menu entries on this machine, and no windows.
  WINEDLLOVERRIDES: "mscoree,mshtml,winemenubuilder.exe=",
  DISPLAY: "",
};

/**
 * Builds what {@link testUnderWine} runs. Resolves with an error message, or null. `install` installs Debian packages;
 * `only` as for `standardLibrary`.
 */
export async function buildForWine(tools) {
  const test = await tests(tools);
  if (typeof test === "string") return test;
  return test([...COMMAND, ...ENGINE, "--no-run"]);
}

/** Builds and runs the tests. */
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
    // Ends only what runs in this prefix.
    spawnSync(SERVER, ["-k"], { env: { ...process.env, ...wine }, stdio: "ignore", timeout: 60_000 });
  }
}

/** How to call `cargo test` for Windows, with its tests' arguments; or what is missing. */
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
  // Always both: with one of them alone, libraries have other features and are compiled again.
  const crates = ["-p", "millrace-engine", "-p", "millrace-cli"];
  return (what, ...rest) =>
    // Plain cargo: the faster linker would replace mingw's.
    run("cargo", ["test", ...manifest, ...crates, "--target", triple, ...std.args, ...what, "--", ...rest], {
      minutes: 20,
      env,
    });
}

/** Creates an empty Windows 10 prefix. */
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
