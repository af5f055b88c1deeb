// The time left as rows and the status bar show it: no finer than an estimate is, and steady enough to be read.
import { span } from "./format.ts";

/** Whole minutes from 2 minutes on, steps of 5 from 10 minutes on, whole hours from 6 hours on; in seconds. */
export function coarse(seconds: number): number {
  if (seconds < 120) return seconds;
  const minutes = Math.round(seconds / 60);
  const step = minutes < 10 ? 1 : minutes < 360 ? 5 : 60;
  return 60 * step * Math.round(minutes / step);
}

/** Seconds until `missing` bytes have arrived at this speed, as the core says it of one download; null without any. */
export const secondsLeft = (missing: number, speed: number): number | null =>
  speed > 0 ? Math.ceil(missing / speed) : null;

/** For a column or a narrow row. */
export const timeLeft = (seconds: number): string => span(coarse(seconds), "narrow");
