// Texts of the add dialog. Knows no field.
import { m } from "../../paraglide/messages.js";
import type { Duplicate } from "../../lib/api.ts";

/** What the list already has: the link or the file. */
export const duplicateText = (same: Duplicate): string =>
  same.by === "link" ? m.adding_same_link() : m.adding_same_file();
