// Full or read-only disks for a single application: a small file system mounted over its download folder in a mount
// namespace that ends with it. Knows no application.
import { readdir } from "node:fs/promises";

/** Shell text that mounts an empty disk of this many bytes over `folder`. */
export const smallDisk = (folder, bytes) => `mount -t tmpfs -o size=${bytes},mode=777 none "${folder}"`;

/** Shell text that makes `folder` a read-only disk, even for root. */
export const readOnlyDisk = (folder) =>
  `${smallDisk(folder, 16 * 1024 * 1024)}\nmount -o remount,ro "${folder}"`;

/** The files in `folder` as the process sees them. */
export async function filesSeenBy(pid, folder) {
  return (await readdir(`/proc/${pid}/root${folder}`)).sort();
}
