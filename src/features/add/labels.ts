// The texts of the add dialog for its questions. Knows no field.
import { m } from "../../paraglide/messages.js";
import type { Duplicate } from "../../lib/api.ts";

/** What the list has already. */
export const duplicateText = (same: Duplicate): string =>
  same.by === "link" ? m.adding_same_link() : m.adding_same_file();
