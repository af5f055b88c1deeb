// How each phase looks: its icon and its colour. Words are in lib/words.ts.
import type { IconName } from "../../components/icons.ts";
import type { Phase } from "../../lib/api.ts";

export type Tone = "flow" | "still" | "warn" | "bad" | "good";

export const phaseIcons: Record<Phase, IconName> = {
  queued: "hourglass",
  probing: "signal",
  running: "down",
  stopping: "pause",
  waiting: "clock",
  finishing: "seal",
  paused: "pause",
  failed: "alert",
  done: "check",
};

export const phaseTones: Record<Phase, Tone> = {
  queued: "still",
  probing: "flow",
  running: "flow",
  stopping: "still",
  waiting: "warn",
  finishing: "flow",
  paused: "still",
  failed: "bad",
  done: "good",
};
