// The options of a download that a form edits, and the groups in which it shows them. Knows no markup.
import type { OptionChange } from "../../lib/api.ts";

/** Referrer, user agent and cookies are headers too. */
export type OptionField = OptionChange["field"];

export type GroupName = "general" | "transfer" | "request" | "verification" | "schedule";

/** What a form says about one option. */
export type FieldState = {
  /** Why it cannot be changed now; null when it can. */
  locked: string | null;
  /** When a change holds. */
  applies?: string | undefined;
  /** Several downloads have different values. */
  mixed: boolean;
  /** Why the core refused the last change. */
  refused: string | null;
};

export const editable: FieldState = { locked: null, mixed: false, refused: null };
