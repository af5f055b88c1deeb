// Where things are. Knows the layout of the repository and nothing else.
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const tauri = join(root, "src-tauri");
export const target = process.env.CARGO_TARGET_DIR
  ? resolve(process.env.CARGO_TARGET_DIR)
  : join(tauri, "target");

const exe = process.platform === "win32" ? ".exe" : "";

const folder = (release) => join(target, release ? "release" : "debug");

/** The application's binary; without `release` of the build that start and the end-to-end tests share. */
export const appBinary = ({ release = false } = {}) => join(folder(release), `millrace-app${exe}`);

/** The command line's binary. */
export const commandBinary = ({ release = false } = {}) => join(folder(release), `millrace${exe}`);

/** A window with nothing in it. */
export const emptyBinary = ({ release = false } = {}) => join(folder(release), "examples", `empty${exe}`);

/** Random faults against the engine. */
export const soakBinary = ({ release = false } = {}) => join(folder(release), `millrace-soak${exe}`);
