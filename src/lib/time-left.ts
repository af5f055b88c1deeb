// The time left as a column shows it: no finer than an estimate is, and steady enough to be read.
import { span } from "./format.ts";

/** Whole minutes from two minutes on, steps of five from ten minutes on; in seconds. */
export function coarse(seconds: number): number {
  if (seconds < 120) return seconds;
  const minutes = Math.round(seconds / 60);
  return 60 * (minutes < 10 ? minutes : 5 * Math.round(minutes / 5));
}

export const timeLeft = (seconds: number): string => span(coarse(seconds), "narrow");
