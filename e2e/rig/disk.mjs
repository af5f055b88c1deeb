// Disks that are full or read-only, for one application only: a small file system mounted over its download folder in a
// mount namespace that ends with it. Knows no application.
import { readdir } from "node:fs/promises";

/** Shell text that puts an empty disk of so many bytes over `folder`. */
export const smallDisk = (folder, bytes) => `mount -t tmpfs -o size=${bytes},mode=777 none "${folder}"`;

/** Shell text that makes `folder` a disk to which nothing may be written. Also root has to mind that. */
export const readOnlyDisk = (folder) => `${smallDisk(folder, 65536)}\nmount -o remount,ro "${folder}"`;

/** The files in `folder` as the process sees them. */
export async function filesSeenBy(pid, folder) {
  return (await readdir(`/proc/${pid}/root${folder}`)).sort();
}
