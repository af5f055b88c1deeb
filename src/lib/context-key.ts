// A typed key for Svelte's context: how a component gets a part of the page's state from the components around it.
import { getContext, setContext } from "svelte";

export class ContextKey<T> {
  readonly symbol: symbol;

  constructor(name: string) {
    this.symbol = Symbol(name);
  }

  provide(value: T): T {
    return setContext(this.symbol, value);
  }

  use(): T {
    const value = getContext<T | undefined>(this.symbol);
    if (value === undefined) throw new Error(`no component provides ${String(this.symbol.description)}`);
    return value;
  }
}
