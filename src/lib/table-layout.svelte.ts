// The table of downloads as the user has arranged it: which columns, in which order, how wide, how dense, grouped or not.
// Remembered. Knows no row and no markup.
import { columnDefaults, columnIds, type ColumnId, isColumnId, widest, yielding } from "./columns.ts";
import { loadFields, save } from "./stored.ts";
import { textScale } from "./text-scale.svelte.ts";

const storageKey = "millrace.table";

export type Density = "comfortable" | "compact";

/** A column that is shown. */
export type Column = {
  id: ColumnId;
  /** In px; of the name, the least. */
  width: number;
  number: boolean;
};

/** Space between two columns, around a row, and of the buttons at its end; in px. `Row.svelte` has the same. */
const gap = 16;
const padding = 28;
const actions = 68;
/** By one press of a key, in px. */
const widthStep = 16;

export class TableLayout {
  /** Inner width of the list in px; 0 until it is known. */
  room = $state(0);
  #order = $state.raw<readonly ColumnId[]>(columnIds);
  #shown = $state.raw<ReadonlySet<ColumnId>>(new Set());
  #widths = $state.raw<Partial<Record<ColumnId, number>>>({});
  #density = $state<Density>("comfortable");
  #grouped = $state(false);

  constructor() {
    this.#arrangeAnew();
    const stored = loadFields(storageKey);
    const order = Array.isArray(stored["order"]) ? stored["order"].filter(isColumnId) : [];
    this.#order = [...new Set([...order, ...columnIds])];
    if (Array.isArray(stored["shown"]))
      this.#shown = new Set(["name", ...stored["shown"].filter(isColumnId)]);
    const widths = Object.entries((stored["widths"] ?? {}) as Record<string, unknown>);
    for (const [id, width] of widths)
      if (isColumnId(id) && Number(width) > 0) this.#setWidth(id, Number(width));
    this.#density = stored["density"] === "compact" ? "compact" : "comfortable";
    this.#grouped = stored["grouped"] === true;
  }

  #arrangeAnew(): void {
    this.#order = columnIds;
    this.#shown = new Set(columnIds.filter((id) => columnDefaults[id].shown));
    this.#widths = {};
  }

  #remember(): void {
    save(storageKey, {
      order: this.#order,
      shown: [...this.#shown],
      widths: this.#widths,
      density: this.#density,
      grouped: this.#grouped,
    });
  }

  /** All columns in their order, for the menu that chooses them. */
  get order(): readonly ColumnId[] {
    return this.#order;
  }

  get density(): Density {
    return this.#density;
  }
  set density(density: Density) {
    this.#density = density;
    this.#remember();
  }

  /** Finished rows are grouped by day while the list is sorted by when they finished. */
  get grouped(): boolean {
    return this.#grouped;
  }
  set grouped(grouped: boolean) {
    this.#grouped = grouped;
    this.#remember();
  }

  has(id: ColumnId): boolean {
    return this.#shown.has(id);
  }

  /** At the usual text size, in px. */
  #widthOf(id: ColumnId): number {
    return this.#widths[id] ?? columnDefaults[id].width;
  }

  /** Chosen columns; in a narrow list some make way, before it scrolls sideways. */
  columns: readonly Column[] = $derived.by(() => {
    const all = this.#order
      .filter((id) => this.#shown.has(id))
      .map((id) => ({
        id,
        width: Math.round(this.#widthOf(id) * scaleOf(id)),
        number: columnDefaults[id].number === true,
      }));
    let shown = all;
    for (const id of yielding) {
      if (this.room === 0 || leastWidth(shown) <= this.room) break;
      shown = shown.filter((column) => column.id !== id);
    }
    return shown;
  });

  shows: ReadonlySet<ColumnId> = $derived(new Set(this.columns.map((column) => column.id)));

  /** For `grid-template-columns` of the head and of each row. */
  template: string = $derived(
    [
      ...this.columns.map(({ id, width }) => (id === "name" ? `minmax(${width}px, 1fr)` : `${width}px`)),
      `${actions}px`,
    ].join(" "),
  );
  /** Below this the list scrolls sideways; in px. */
  least: number = $derived(leastWidth(this.columns));

  /** Shows a column or hides it; the name is always shown. */
  toggle(id: ColumnId): void {
    if (id === "name") return;
    const shown = new Set(this.#shown);
    if (!shown.delete(id)) shown.add(id);
    this.#shown = shown;
    this.#remember();
  }

  /** Moves a column beside another one that is shown. */
  move(id: ColumnId, to: ColumnId, at: "before" | "after"): void {
    if (id === to) return;
    const order = this.#order.filter((one) => one !== id);
    order.splice(order.indexOf(to) + (at === "after" ? 1 : 0), 0, id);
    this.#order = order;
    this.#remember();
  }

  /** The shown column before (-1) or after (1) this one. */
  beside(id: ColumnId, by: -1 | 1): ColumnId | undefined {
    const at = this.columns.findIndex((column) => column.id === id);
    return at < 0 ? undefined : this.columns[at + by]?.id;
  }

  /** Moves a column by one place; returns whether there was one. */
  step(id: ColumnId, by: -1 | 1): boolean {
    const other = this.beside(id, by);
    if (other === undefined) return false;
    this.move(id, other, by < 0 ? "before" : "after");
    return true;
  }

  #setWidth(id: ColumnId, width: number): void {
    const least = columnDefaults[id].least;
    this.#widths = { ...this.#widths, [id]: Math.round(Math.min(widest, Math.max(least, width))) };
  }

  /** Sets a width in px as it is on the screen, within its bounds. */
  resize(id: ColumnId, width: number): void {
    this.#setWidth(id, width / scaleOf(id));
    this.#remember();
  }

  widen(id: ColumnId, steps: number): void {
    this.#setWidth(id, this.#widthOf(id) + steps * widthStep);
    this.#remember();
  }

  /** Columns, their order and widths as at first. */
  reset(): void {
    this.#arrangeAnew();
    this.#remember();
  }
}

/** Columns grow with the text, so that no number is cut; a name is cut in any case. */
const scaleOf = (id: ColumnId): number => (id === "name" ? 1 : Math.max(1, textScale()));

function leastWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, { width }) => sum + width + gap, padding + actions);
}
