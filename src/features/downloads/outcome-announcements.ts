// Shows and says that a download has finished or failed, with the action that follows.
import type { Announcer } from "../../lib/announcer.svelte.ts";
import { bytes } from "../../lib/format.ts";
import type { RowChange } from "../../lib/list.svelte.ts";
import { paragraph, problemText } from "../../lib/problems.ts";
import type { Toasts } from "../../lib/toasts.svelte.ts";
import { m } from "../../paraglide/messages.js";
import type { DetailsPane } from "./details-pane.svelte.ts";
import type { DownloadActions } from "./download-actions.ts";

type Dependencies = { toasts: Toasts; announcer: Announcer; actions: DownloadActions; details: DetailsPane };

export function announceOutcome(
  { after }: RowChange,
  { toasts, announcer, actions, details }: Dependencies,
): void {
  if (after.phase === "done") {
    const action = { label: m.common_open(), run: () => actions.openFile(after) };
    const text = m.window_here({ size: bytes(after.received) });
    toasts.show({ tone: "success", title: after.name, text, action });
    announcer.say(m.window_said_done(after));
  } else if (after.phase === "failed" && after.problem !== null) {
    const words = problemText(after.problem, after.received);
    const action = { label: m.common_details(), run: () => details.open(after.id) };
    toasts.show({ tone: "error", title: after.name, text: paragraph(words), action });
    announcer.say(m.window_said_failed({ name: after.name, what: words.what }));
  }
}
