// Texts about files that are discarded. They name the place where the system keeps them, if it has one. Does not know how
// they are shown.
import { m } from "../paraglide/messages.js";
import type { PlatformInfo } from "./api.ts";

/** Where discarded files go; `none`: they are deleted, as on phones. */
type Trash = "trash" | "recycle-bin" | "none";

/** `platform`: undefined until the core has reported it. */
function trashOf(platform: PlatformInfo | undefined): Trash {
  if (platform?.trash === false) return "none";
  return platform?.os === "windows" ? "recycle-bin" : "trash";
}

/** The button that removes downloads and discards their files. */
export function discardLabel(platform: PlatformInfo | undefined): string {
  const labels = {
    trash: m.window_remove_trash,
    "recycle-bin": m.window_remove_trash_windows,
    none: m.window_remove_delete,
  };
  return labels[trashOf(platform)]();
}

/** Asks what happens to the file of one finished download in `folder`, or to those of several. */
export function discardQuestion(platform: PlatformInfo | undefined, folder: string | undefined): string {
  const one = {
    trash: m.window_remove_file_one,
    "recycle-bin": m.window_remove_file_one_windows,
    none: m.window_remove_file_one_delete,
  };
  const many = {
    trash: m.window_remove_file_many,
    "recycle-bin": m.window_remove_file_many_windows,
    none: m.window_remove_file_many_delete,
  };
  const trash = trashOf(platform);
  return folder === undefined ? many[trash]() : one[trash]({ folder });
}

/** What replacing a finished download does to its file. */
export function replaceText(platform: PlatformInfo | undefined): string {
  const texts = {
    trash: m.adding_same_replace_done_means,
    "recycle-bin": m.adding_same_replace_done_means_windows,
    none: m.adding_same_replace_done_means_delete,
  };
  return texts[trashOf(platform)]();
}
