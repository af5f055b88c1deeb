// Paths of the repository. Knows its layout and nothing else.
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const tauri = join(root, "src-tauri");
export const target = process.env.CARGO_TARGET_DIR
  ? resolve(process.env.CARGO_TARGET_DIR)
  : join(tauri, "target");

const exe = process.platform === "win32" ? ".exe" : "";

const folder = (release) => join(target, release ? "release" : "debug");

/** The application's binary; without `release` the one of the build that start and the end-to-end tests share. */
export const appBinary = ({ release = false } = {}) => join(folder(release), `millrace-app${exe}`);

export const commandBinary = ({ release = false } = {}) => join(folder(release), `millrace${exe}`);

/** The window without content. */
export const emptyBinary = ({ release = false } = {}) => join(folder(release), "examples", `empty${exe}`);

/** The soak test: random faults against the engine. */
export const soakBinary = ({ release = false } = {}) => join(folder(release), `millrace-soak${exe}`);
