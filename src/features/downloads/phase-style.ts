// Icon and tone of each phase. Labels are in lib/labels.ts.
import type { IconName } from "../../components/icons.ts";
import type { Phase } from "../../lib/api.ts";

export type Tone = "active" | "paused" | "warning" | "error" | "success";

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
  queued: "paused",
  probing: "active",
  running: "active",
  stopping: "paused",
  waiting: "warning",
  finishing: "active",
  paused: "paused",
  failed: "error",
  done: "success",
};
