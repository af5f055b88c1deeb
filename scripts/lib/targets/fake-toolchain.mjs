// Stand-ins for the tools of other systems. A check links nothing, so what a C compiler or an archiver would make is
// never read: it only has to be there. Knows nothing of cargo.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Makes the file that is named after `-o`; asked what it is, it answers as clang. */
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

/** Writes an empty archive under the first name that ends like one. */
const archiver = `#!/bin/sh
for word in "$@"; do
  case "$word" in
    *.a|*.lib) printf '!<arch>\\n' > "$word"; exit 0 ;;
  esac
done
`;

/** Says where Apple's kit would be. */
const xcrun = (kit) => `#!/bin/sh
for word in "$@"; do
  case "$word" in
    --show-sdk-path|--show-sdk-platform-path) echo "${kit}"; exit 0 ;;
    --show-sdk-version) echo "26.0"; exit 0 ;;
  esac
done
`;

/** Answers for Swift's package manager: a library that is not linked needs no code. */
const swift = `#!/bin/sh
case "$*" in
  *--version*) echo "Apple Swift version 6.2" ;;
  *target-info*) echo '{"target":{"unversionedTriple":"arm64-apple-ios"},"paths":{"runtimeLibraryPaths":[]}}' ;;
esac
`;

/** The compiler for the workspace's own crates: what it warns of is an error. Other crates are not built anew for that. */
const strict = `#!/bin/sh
exec "$@" -D warnings
`;

/** Writes them below `folder`: `bin` is to be put on PATH, `kit` is Apple's, the others are single programs. */
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
