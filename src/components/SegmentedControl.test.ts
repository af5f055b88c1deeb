// A choice of one among a few.
import { fireEvent, render, screen } from "@testing-library/svelte";
import { expect, it, vi } from "vitest";
import SegmentedControl from "./SegmentedControl.svelte";

const options = ["high", "normal", "low"].map((value) => ({ value, label: value, testId: value }));
const states = (): (string | null)[] =>
  screen.getAllByRole("radio").map((one) => one.getAttribute("aria-checked"));

it("shows the stored value until that changes", async () => {
  const onchange = vi.fn();
  const { rerender } = render(SegmentedControl, {
    value: "normal",
    options,
    onchange,
    "aria-label": "Priority",
  });
  expect(screen.getByRole("radiogroup").getAttribute("aria-label")).toBe("Priority");
  expect(states()).toEqual(["false", "true", "false"]);
  await fireEvent.click(screen.getByTestId("low"));
  expect(onchange.mock.calls).toEqual([["low"]]);
  // Refused: nothing has changed.
  expect(states()).toEqual(["false", "true", "false"]);
  await rerender({ value: "low" });
  expect(states()).toEqual(["false", "false", "true"]);
  await fireEvent.click(screen.getByTestId("low"));
  expect(onchange).toHaveBeenCalledTimes(1);
});

it("is one stop of the Tab key, and the arrow keys choose", async () => {
  const onchange = vi.fn();
  render(SegmentedControl, { value: "normal", options, onchange });
  const tabbable = screen.getAllByRole("radio").filter((one) => one.tabIndex === 0);
  expect(tabbable).toEqual([screen.getByTestId("normal")]);
  screen.getByTestId("normal").focus();
  await fireEvent.keyDown(screen.getByTestId("normal"), { key: "ArrowRight" });
  expect(onchange.mock.calls).toEqual([["low"]]);
});
