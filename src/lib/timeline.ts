// What happened to one download, in one order: its events without byte counts, and the lines of its log. Pure.
import type { DownloadEvent, LogLine } from "./api.ts";
import type { SeenEvent } from "./download-watch.svelte.ts";

type Level = LogLine["level"];
/** What the log shows at least. */
export type MinLevel = "all" | "warn" | "error";
export type TimelineEntry = { at: number; level: Level; text: string; event: DownloadEvent["event"] | null };

const eventLevels: Partial<Record<DownloadEvent["event"], Level>> = {
  failed: "error",
  retrying: "warn",
  restarted: "warn",
};
const ranks: Record<Level, number> = { info: 0, warn: 1, error: 2 };

/** Oldest first. `say` puts an event into words; one without words is left out. */
export function timeline(
  events: readonly SeenEvent[],
  lines: readonly LogLine[],
  say: (event: DownloadEvent, received: number) => string,
): TimelineEntry[] {
  const told = events
    .filter(({ event }) => event.event !== "progress")
    .map(({ at, event, received }): TimelineEntry => ({
      at,
      level: eventLevels[event.event] ?? "info",
      text: say(event, received),
      event: event.event,
    }))
    // Newest first in a watch.
    .reverse();
  const logged = lines.map(({ at, level, text }): TimelineEntry => ({ at, level, text, event: null }));
  return [...logged, ...told].sort((one, other) => one.at - other.at);
}

export const atLeast = (entries: readonly TimelineEntry[], least: MinLevel): TimelineEntry[] =>
  entries.filter(({ level }) => least === "all" || ranks[level] >= ranks[least]);
