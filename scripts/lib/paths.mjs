// Where things are. Knows the layout of the repository and nothing else.
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const tauri = join(root, "src-tauri");
export const target = process.env.CARGO_TARGET_DIR
  ? resolve(process.env.CARGO_TARGET_DIR)
  : join(tauri, "target");

const exe = process.platform === "win32" ? ".exe" : "";

/** The application's binary of the build that start and the end-to-end tests share. */
export const appBinary = () => join(target, "debug", `millrace-app${exe}`);
