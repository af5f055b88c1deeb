// A value that is typed: applied when its field loses the focus or on Enter, and only if it is valid. Knows no markup.

type Source<T> = {
  /** The stored value. */
  value: T;
  /** Between a value and the text of the field; `parse` returns undefined for invalid input. */
  format: (value: T) => string;
  parse: (text: string) => T | undefined;
  onchange: (value: T) => void;
};

export class TypedValue<T> {
  /** The text being typed; undefined while the field shows the stored value. */
  #typed = $state<string | undefined>();
  /** Whether the text was left, and is not valid. */
  invalid = $state(false);
  #source: () => Source<T>;

  constructor(source: () => Source<T>) {
    this.#source = source;
  }

  get text(): string {
    const { value, format } = this.#source();
    return this.#typed ?? format(value);
  }

  type(text: string): void {
    this.#typed = text;
    this.invalid = false;
  }

  take(): void {
    if (this.#typed === undefined) return;
    const { value, format, parse, onchange } = this.#source();
    const made = parse(this.#typed);
    this.invalid = made === undefined;
    if (made === undefined) return;
    this.#typed = undefined;
    if (format(made) !== format(value)) onchange(made);
  }

  /** The first Escape restores the stored value, the second closes the dialog. */
  key(event: KeyboardEvent): void {
    if (event.key === "Enter" && !event.isComposing) this.take();
    else if (event.key === "Escape" && this.#typed !== undefined) {
      event.stopPropagation();
      this.#typed = undefined;
      this.invalid = false;
    }
  }
}
