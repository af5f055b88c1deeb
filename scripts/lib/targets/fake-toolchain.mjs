// Fakes of other systems' tools. A check links nothing, so the output of a C compiler or an archiver is never read: it
// only has to exist. Knows nothing of cargo.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Creates the file named after `-o`; identifies itself as clang. */
const compiler = `#!/bin/sh
while [ $# -gt 0 ]; do
  case "$1" in
    -o) shift; : > "$1" ;;
    -o*) : > "\${1#-o}" ;;
    --version) echo "clang version 19.0.0" ;;
    -E) echo "clang" ;;
  esac
  shift
done
`;

/** Writes an empty archive under the first argument with an archive's extension. */
const archiver = `#!/bin/sh
for word in "$@"; do
  case "$word" in
    *.a|*.lib) printf '!<arch>\\n' > "$word"; exit 0 ;;
  esac
done
`;

/** Prints the path of Apple's kit. */
const xcrun = (kit) => `#!/bin/sh
for word in "$@"; do
  case "$word" in
    --show-sdk-path|--show-sdk-platform-path) echo "${kit}"; exit 0 ;;
    --show-sdk-version) echo "26.0"; exit 0 ;;
  esac
done
`;

/** Replaces Swift's package manager: a library that is not linked needs no code. */
const swift = `#!/bin/sh
case "$*" in
  *--version*) echo "Apple Swift version 6.2" ;;
  *target-info*) echo '{"target":{"unversionedTriple":"arm64-apple-ios"},"paths":{"runtimeLibraryPaths":[]}}' ;;
esac
`;

/** The compiler for the workspace's own crates: its warnings are errors. Other crates are not rebuilt for that. */
const strict = `#!/bin/sh
exec "$@" -D warnings
`;

/** Writes them below `folder`: `bin` goes on PATH, `kit` is Apple's, the others are single programs. */
export function standIns(folder) {
  const bin = join(folder, "bin");
  const kit = join(folder, "kit");
  mkdirSync(bin, { recursive: true });
  mkdirSync(join(kit, "usr", "include"), { recursive: true });
  const script = (name, text) => {
    const path = join(bin, name);
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  };
  script("xcrun", xcrun(kit));
  script("swift", swift);
  return {
    bin,
    kit,
    strict: script("strict", strict),
    compiler: script("standin-cc", compiler),
    archiver: script("standin-ar", archiver),
  };
}
