// Typed keys for Svelte's context.
import { render } from "@testing-library/svelte";
import { expect, it } from "vitest";
import { ContextKey } from "./context-key.ts";

const key = new ContextKey<number>("answer");

/** Runs `work` while a component is created, as every use of a context has to. */
function whileCreated(work: () => void, context = new Map<symbol, unknown>()): void {
  const component = (): Record<string, never> => {
    work();
    return {};
  };
  render(component, { context });
}

it("gives what was provided, to components around it or by the same one", () => {
  const seen: number[] = [];
  whileCreated(() => seen.push(key.use()), new Map([[key.symbol, 42]]));
  whileCreated(() => {
    key.provide(43);
    seen.push(key.use());
  });
  expect(seen).toEqual([42, 43]);
});

it("says which part is missing", () => {
  expect(() => whileCreated(() => key.use())).toThrow("no component provides answer");
});

it("is no other key of the same name", () => {
  const other = new ContextKey<number>("answer");
  expect(() => whileCreated(() => key.use(), new Map([[other.symbol, 1]]))).toThrow("answer");
});
