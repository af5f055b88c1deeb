// The speed limits that the slider and the presets offer. Pure.

/** Bytes per second in rising order, about the same ratio apart; null is no limit. */
export const limitSteps: readonly (number | null)[] = [
  ...[100e3, 150e3, 250e3, 500e3, 750e3, 1e6, 1.5e6, 2e6, 3e6, 5e6, 7.5e6, 10e6, 15e6, 20e6, 30e6, 50e6],
  ...[75e6, 100e6],
  null,
];

/** The limits with a button of their own. */
export const limitPresets: readonly (number | null)[] = [500e3, 1e6, 2e6, 5e6, 10e6, null];

/** Index of the step that is closest to a limit, by ratio. */
export function nearestStep(limit: number | null): number {
  const exact = limitSteps.indexOf(limit);
  if (exact >= 0 || limit === null) return exact;
  const away = limitSteps.map((step) => (step === null ? Infinity : Math.abs(Math.log(step / limit))));
  return away.indexOf(Math.min(...away));
}
