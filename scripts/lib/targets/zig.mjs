// A C compiler, an archiver and a linker for other systems: Zig's, which is one Python package. It lacks Android's
// headers; musl's are used with the few names that differ, so the result is inspected but never run. Knows nothing of
// cargo.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { target } from "../paths.mjs";
import { pythonWith } from "../python.mjs";
import { output } from "../run.mjs";

const packages = ["ziglang==0.17.1"];

/**
 * What Android's headers declare by default, and musl's only on request; and Android's name of the function that
 * returns errno's address.
 */
const names = "-D__ANDROID__ -D_BSD_SOURCE -D_POSIX_C_SOURCE=200809L -D__errno_location=__errno";

/** Flags that replace those of build scripts: optimised code, position-independent, no sanitizers. */
const compiler = (zig, triple) => `#!/bin/sh
for word do
  shift
  case "$word" in
    --target=*|-O*|-g*|-ffile-prefix-map=*) ;;
    *) set -- "$@" "$word" ;;
  esac
done
exec "${zig}" cc -target ${triple} ${names} -fPIC -O0 -g0 -fno-sanitize=all -Wno-unused-command-line-argument "$@"
`;

const archiver = (zig) => `#!/bin/sh
exec "${zig}" ar "$@"
`;

/** Translates rustc's arguments for a linking compiler to the linker's. */
const linker = (zig) => `#!/bin/sh
for word do
  shift
  case "$word" in
    -Wl,*)
      before=$IFS; IFS=,
      for part in \${word#-Wl,}; do set -- "$@" "$part"; done
      IFS=$before ;;
    -m64|-nodefaultlibs|-nostartfiles|-static-libgcc) ;;
    *) set -- "$@" "$word" ;;
  esac
done
exec "${zig}" ld.lld "$@"
`;

/**
 * The programs `{ cc, ar, linker }` for a triple of Zig's, as files in `folder`, and `env`, which they need. Throws
 * with a sentence to show.
 */
export async function zigFor(triple, folder, { install }) {
  const python = await pythonWith("zig", packages, { install });
  const where = output(python, ["-c", "import os, ziglang; print(os.path.dirname(ziglang.__file__))"]);
  if (where === null) throw new Error("Zig is not where its package says");
  const zig = join(where, "zig");
  mkdirSync(folder, { recursive: true });
  const script = (name, text) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  };
  const cache = join(target, "targets", "zig-cache");
  return {
    cc: script("cc", compiler(zig, triple)),
    ar: script("ar", archiver(zig)),
    linker: script("linker", linker(zig)),
    env: { ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache },
  };
}
