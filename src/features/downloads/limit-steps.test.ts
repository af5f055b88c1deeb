import { expect, it } from "vitest";
import { limitPresets, limitSteps, nearestStep } from "./limit-steps.ts";

it("every preset is a step of the slider, and the steps rise up to no limit", () => {
  for (const preset of limitPresets) expect(limitSteps).toContain(preset);
  const rates = limitSteps.slice(0, -1);
  expect(limitSteps.at(-1)).toBeNull();
  expect(rates).toEqual(rates.toSorted((a, b) => Number(a) - Number(b)));
});

it("a limit that is no step is shown at the nearest", () => {
  for (const [at, step] of limitSteps.entries()) expect(nearestStep(step)).toBe(at);
  expect(limitSteps[nearestStep(1)]).toBe(100e3);
  expect(limitSteps[nearestStep(1.1e6)]).toBe(1e6);
  expect(limitSteps[nearestStep(1e12)]).toBe(100e6);
});
