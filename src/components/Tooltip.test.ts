// The tooltip, by pointer and by keyboard.
import { fireEvent, render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { tooltipView } from "./late-views.ts";
import Tooltip from "./Tooltip.svelte";

await tooltipView.load();

let main: HTMLElement;
const button = (id: string): HTMLElement => main.querySelector<HTMLElement>(`#${id}`) ?? main;
const text = (): string | null => screen.queryByTestId("tooltip")?.textContent ?? null;
/** Outside of the tooltip, which jsdom lays out at the origin without a size. */
const mouse = { pointerType: "mouse", clientX: 500, clientY: 500 };
/** Hovers without waiting. */
const over = (element: Element, init: PointerEventInit = mouse): Promise<boolean> =>
  fireEvent.pointerOver(element, init);
const pass = async (ms: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(ms);
};
const tab = async (id: string): Promise<void> => {
  await fireEvent.keyDown(document.activeElement ?? document.body, { key: "Tab" });
  button(id).focus();
  await tick();
};

beforeEach(() => {
  vi.useFakeTimers();
  document.querySelector("main")?.remove();
  main = document.createElement("main");
  main.innerHTML = `
    <button id="one" aria-label="Pause" data-tooltip="Pause"><svg></svg></button>
    <button id="two" data-tooltip="Ctrl+N">Add</button>
    <button id="none">Plain</button>
    <span id="name" data-tooltip="A long name" tabindex="-1">A long…</span>`;
  document.body.append(main);
  render(Tooltip);
});

describe("the tooltip of the pointer", () => {
  it("comes when it rests, in the landmark of its element, and goes when it leaves", async () => {
    await over(button("one").firstElementChild ?? main);
    await pass(599);
    expect(text()).toBeNull();
    await pass(1);
    expect(text()).toBe("Pause");
    expect(screen.getByTestId("tooltip").closest("main")).toBe(main);
    await over(button("none"));
    expect(text()).toBeNull();
  });

  it("stays while the pointer is on it, although what is under it can be pressed", async () => {
    await over(button("one"));
    await pass(600);
    const box = new DOMRect(10, 10, 80, 20);
    screen.getByTestId("tooltip").getBoundingClientRect = () => box;
    await fireEvent.pointerMove(button("none"), { ...mouse, clientX: 20, clientY: 20 });
    expect(text()).toBe("Pause");
    await fireEvent.pointerMove(button("none"), { ...mouse, clientX: 20, clientY: 31 });
    expect(text()).toBeNull();
  });

  it("does not come when the pointer only passes", async () => {
    await over(button("one"));
    await pass(300);
    await over(button("none"));
    await pass(2_000);
    expect(text()).toBeNull();
  });

  it("comes at once on the next element", async () => {
    await over(button("one"));
    await pass(600);
    await over(button("two"));
    await pass(0);
    expect(text()).toBe("Ctrl+N");
  });

  it("does not come by touch, nor while a button is held", async () => {
    await over(button("one"), { pointerType: "touch" });
    await over(button("two"), { ...mouse, buttons: 1 });
    await pass(2_000);
    expect(text()).toBeNull();
  });

  it("goes with a press, and comes back only after the pointer was elsewhere", async () => {
    await over(button("one"));
    await pass(600);
    await fireEvent.pointerDown(button("one"), mouse);
    expect(text()).toBeNull();
    await fireEvent.pointerMove(button("one"), mouse);
    await pass(2_000);
    expect(text()).toBeNull();
    await over(button("none"));
    await over(button("one"));
    await pass(2_000);
    expect(text()).toBe("Pause");
  });

  it.each([
    ["a key", () => fireEvent.keyDown(document.body, { key: "Escape" })],
    ["scrolling", () => fireEvent.scroll(main)],
    ["leaving the window", () => fireEvent.pointerOut(document.body, { relatedTarget: null })],
  ])("goes with %s", async (_, cause) => {
    await over(button("one"));
    await pass(600);
    expect(text()).toBe("Pause");
    await cause();
    expect(text()).toBeNull();
  });

  it("keeps no key from the others", async () => {
    await over(button("one"));
    await pass(600);
    // `fireEvent` returns false for a prevented event.
    expect(await fireEvent.keyDown(document.body, { key: "Escape" })).toBe(true);
  });
});

describe("the tooltip of the keyboard", () => {
  it("comes at once with Tab and goes with the focus", async () => {
    await tab("two");
    expect(text()).toBe("Ctrl+N");
    await tab("none");
    expect(text()).toBeNull();
  });

  it("stays while the pointer moves elsewhere", async () => {
    await tab("two");
    await over(button("none"));
    await fireEvent.scroll(main);
    expect(text()).toBe("Ctrl+N");
  });

  it("describes its element to screen readers, unless it is the name already", async () => {
    await tab("two");
    const described = button("two").getAttribute("aria-describedby");
    expect(described).not.toBeNull();
    expect(document.getElementById(described ?? "")?.textContent).toBe("Ctrl+N");
    await tab("one");
    expect(text()).toBe("Pause");
    expect(button("one").hasAttribute("aria-describedby")).toBe(false);
    expect(button("two").hasAttribute("aria-describedby")).toBe(false);
  });

  it("comes with Shift+Tab as WebKitGTK reports it", async () => {
    await fireEvent.keyDown(document.body, { key: "Unidentified", code: "Tab", shiftKey: true });
    button("two").focus();
    await tick();
    expect(text()).toBe("Ctrl+N");
  });

  it("does not come where the focus is put by a program or a press", async () => {
    button("one").focus();
    await tick();
    expect(text()).toBeNull();
    await fireEvent.keyDown(document.body, { key: "Enter" });
    button("two").focus();
    await tick();
    expect(text()).toBeNull();
    await fireEvent.keyDown(document.body, { key: "Tab" });
    await fireEvent.pointerDown(button("none"), mouse);
    button("one").focus();
    await tick();
    expect(text()).toBeNull();
  });
});

it("says nothing for elements without a text, or that are gone", async () => {
  button("one").dataset["tooltip"] = "";
  await over(button("one"));
  await pass(600);
  expect(text()).toBeNull();
  await over(button("name"));
  button("name").remove();
  await pass(600);
  expect(text()).toBeNull();
});
