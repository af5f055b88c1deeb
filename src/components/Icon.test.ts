// Icons as components show them.
import { render } from "@testing-library/svelte";
import { expect, it } from "vitest";
import Icon from "./Icon.svelte";
import { type IconName, icons } from "./icons.ts";

const svgs = (): SVGElement[] => [...document.querySelectorAll("svg")];

it.each(Object.keys(icons) as IconName[])(
  "%s is drawn in its size, and hidden from screen readers",
  (name) => {
    render(Icon, { name, size: 20 });
    const [svg] = svgs();
    expect(svg?.getAttribute("width")).toBe("20");
    expect(svg?.getAttribute("aria-hidden")).toBe("true");
    expect(svg?.children.length).toBeGreaterThan(0);
    for (const shape of svg?.children ?? []) expect(shape.namespaceURI).toBe("http://www.w3.org/2000/svg");
  },
);

it("is drawn as often as it is shown, and anew when it becomes another", async () => {
  const first = render(Icon, { name: "plus" });
  render(Icon, { name: "plus" });
  const [one, two] = svgs();
  expect(one?.innerHTML).toBe(two?.innerHTML);
  await first.rerender({ name: "close" });
  expect(one?.innerHTML).not.toBe(two?.innerHTML);
  expect(one?.innerHTML).not.toBe("");
});
