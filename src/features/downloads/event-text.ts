// The events of one download in words.
import type { DownloadEvent } from "../../lib/api.ts";
import { bytes, span } from "../../lib/format.ts";
import { verdictText } from "../../lib/labels.ts";
import { problemText } from "../../lib/problems.ts";
import { m } from "../../paraglide/messages.js";

const names: Record<Exclude<DownloadEvent["event"], "progress">, () => string> = {
  started: m.details_event_started,
  verified: m.details_event_verified,
  finished: m.details_event_finished,
  restarted: m.details_event_restarted,
  renamed: m.details_event_renamed,
  paused: m.details_event_paused,
  resumed: m.details_event_resumed,
  retrying: m.details_event_retrying,
  failed: m.details_event_failed,
  removed: m.details_event_removed,
};

function more(event: DownloadEvent, received: number): string {
  switch (event.event) {
    case "started": {
      const length = event.data.contentLength;
      const whole = length === null ? m.details_said_length_unknown() : bytes(length);
      const size = bytes(event.data.received);
      return event.data.received > 0 ? m.details_said_here_already({ whole, size }) : whole;
    }
    case "verified":
      return verdictText(event.data.verdict);
    case "finished":
      return m.details_said_all({ size: bytes(received) });
    case "restarted":
      return m.details_said_counts({ size: bytes(event.data.received) });
    case "renamed":
      return event.data.name;
    case "retrying":
      return m.details_said_again({
        what: problemText(event.data.problem, 0).what,
        span: span(event.data.wait / 1000),
      });
    case "failed":
      return problemText(event.data.problem, 0).what;
    case "progress":
    case "paused":
    case "resumed":
    case "removed":
      return "";
  }
}

/** `received` bytes of the file after it. */
export function eventText(event: DownloadEvent, received: number): string {
  if (event.event === "progress") return "";
  return [names[event.event](), more(event, received)].filter((part) => part !== "").join(": ");
}
