// The links of a batch: which of them are added, and their probes, run a few in parallel until the user stops them.
// Knows no markup.
import * as api from "../../lib/api.ts";
import type { IpcError, DownloadOptions, ProbeResult } from "../../lib/api.ts";
import type { CurlRequest } from "../../lib/input/curl.ts";
import { matcher } from "../../lib/input/glob.ts";
import { isFolderPattern, isTemplate, nameFrom } from "../../lib/input/name-template.ts";
import type { ParsedLink } from "../../lib/input/parse-input.ts";

/** The number of probes that the core keeps open: more would use up one-time links. */
export const maxOpenProbes = 4;
const maxConcurrentProbes = 3;

/** Numbers in names in their order: 2 before 10. */
const collator = new Intl.Collator(undefined, { numeric: true });

export type ItemProbe =
  { is: "looking" } | { is: "found"; look: ProbeResult } | { is: "failed"; failure: IpcError };

export type BatchSort = "order" | "name" | "type" | "size" | "host";

export type BatchItem = {
  /** Its place in the text, from 0. */
  id: number;
  url: string;
  host: string;
  /** From the link's path. */
  name: string;
  /** Extension of the name in lower case, without the dot; empty when there is none. */
  ending: string;
  with: CurlRequest | null;
};

function toBatchItem({ url, with: curl }: ParsedLink, id: number): BatchItem {
  const { host, pathname } = new URL(url);
  const given = curl?.links.length === 1 ? curl.name : null;
  const name = given ?? decoded(pathname.split("/").findLast((part) => part !== "") ?? host);
  return { id, url, host, name, ending: endingOf(name), with: curl };
}

const endingOf = (name: string): string => /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? "";

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export class Batch {
  items = $state.raw<readonly BatchItem[]>([]);
  /** Links that are not to be added. */
  excluded = $state.raw<ReadonlySet<string>>(new Set());
  host = $state("");
  ending = $state("");
  /** A text, or a pattern with `*` and `?`, of names and hosts. */
  filter = $state("");
  sort = $state<BatchSort>("order");
  reversed = $state(false);
  /** Names of what is added, as in `nameFrom`; empty for the files' own. */
  template = $state("");
  /** Name of a folder for what is added, in the chosen one; empty for none. */
  subfolder = $state("");
  /** Links that the list has. */
  known = $state.raw<ReadonlySet<string>>(new Set());
  probes = $state.raw<ReadonlyMap<string, ItemProbe>>(new Map());
  /** Probes that are still to be done; 0 when none is running. */
  toProbe = $state(0);
  #turn = 0;
  readonly #found = new Set<string>();

  hosts = $derived(counted(this.items.map((item) => item.host)));
  endings = $derived(counted(this.items.map((item) => item.ending)));
  shown = $derived.by(() => {
    const matches = matcher(this.filter);
    const shown = this.items.filter(
      (item) =>
        (this.host === "" || item.host === this.host) &&
        (!this.typed || item.ending === this.ending) &&
        (matches(this.nameOf(item)) || matches(item.host)),
    );
    return this.sort === "order" && !this.reversed ? shown : shown.sort(this.#order(this.sort));
  });
  templateError = $derived(this.template.trim() !== "" && !isTemplate(this.template));
  subfolderError = $derived(this.subfolder.trim() !== "" && !isFolderPattern(this.subfolder));
  chosen = $derived(this.items.filter((item) => !this.excluded.has(item.url)));
  /** What is chosen, in the order of the table. */
  ordered = $derived(
    this.sort === "order" && !this.reversed ? this.chosen : this.chosen.toSorted(this.#order(this.sort)),
  );
  shownChosen = $derived(this.shown.filter((item) => !this.excluded.has(item.url)).length);
  isProbed = $derived(this.items.every((item) => this.probes.has(item.url)));
  size = $derived(
    this.chosen.reduce((sum, item) => {
      const probe = this.probes.get(item.url);
      return sum + (probe?.is === "found" ? (probe.look.total ?? 0) : 0);
    }, 0),
  );
  /** Selected links of unknown size. */
  unsized = $derived(
    this.chosen.filter((item) => {
      const probe = this.probes.get(item.url);
      return probe?.is !== "found" || probe.look.total === null;
    }).length,
  );

  /** The server's name, once that is known. */
  nameOf(item: BatchItem): string {
    const probe = this.probes.get(item.url);
    return probe?.is === "found" ? probe.look.name : item.name;
  }

  /** Bytes; null while unknown. */
  sizeOf(item: BatchItem): number | null {
    const probe = this.probes.get(item.url);
    return probe?.is === "found" ? probe.look.total : null;
  }

  /** The name under which the chosen item at `place` is added; null for the server's or the link's. */
  chosenName(item: BatchItem, place: number): string | null {
    const own = item.with?.links.length === 1 ? item.with.name : null;
    if (this.template.trim() === "" || this.templateError) return own;
    const name = this.nameOf(item);
    return nameFrom(this.template, { name, ending: endingOf(name) }, place);
  }

  /** Sorts by a column; the same again reverses it, and once more restores the order of the text. */
  sortBy(column: BatchSort): void {
    if (this.sort !== column) {
      this.sort = column;
      this.reversed = false;
    } else if (!this.reversed) this.reversed = true;
    else {
      this.sort = "order";
      this.reversed = false;
    }
  }

  #order(sort: BatchSort): (a: BatchItem, b: BatchItem) => number {
    const sign = this.reversed ? -1 : 1;
    const compare = (a: BatchItem, b: BatchItem): number => {
      switch (sort) {
        case "name":
          return collator.compare(this.nameOf(a), this.nameOf(b));
        case "type":
          return a.ending.localeCompare(b.ending);
        case "size":
          return (this.sizeOf(a) ?? -1) - (this.sizeOf(b) ?? -1);
        case "host":
          return a.host.localeCompare(b.host);
        case "order":
          return 0;
      }
    };
    return (a, b) => sign * (compare(a, b) || a.id - b.id);
  }

  /** `known`: links that are already in the list; excluded until the user selects them. */
  set(wanted: readonly ParsedLink[], known: ReadonlySet<string>): void {
    const before = new Set(this.items.map((item) => item.url));
    this.items = wanted.map(toBatchItem);
    this.known = known;
    // The user's selection survives edits of the text.
    const excluded = this.items.filter(({ url }) =>
      before.has(url) ? this.excluded.has(url) : known.has(url),
    );
    this.excluded = new Set(excluded.map((item) => item.url));
    if (!this.hosts.some(([host]) => host === this.host)) this.host = "";
    if (!this.endings.some(([ending]) => ending === this.ending)) this.typed = false;
  }

  /** More links that are in the list, found later: excluded as well, once. */
  exclude(known: readonly string[]): void {
    const found = known.filter((url) => !this.#found.has(url));
    for (const url of found) this.#found.add(url);
    this.excluded = new Set([...this.excluded, ...found]);
  }

  tick(url: string, on: boolean): void {
    const excluded = new Set(this.excluded);
    if (on) excluded.delete(url);
    else excluded.add(url);
    this.excluded = excluded;
  }

  /** Selects or deselects all rows that the filter shows. */
  tickShown(on: boolean): void {
    const excluded = new Set(this.excluded);
    for (const { url } of this.shown) {
      if (on) excluded.delete(url);
      else excluded.add(url);
    }
    this.excluded = excluded;
  }

  /** Whether only one type is shown; an empty `ending` is a type too. */
  typed = $state(false);

  /** Shows only this type, or all again. */
  toggleType(ending: string): void {
    const off = this.typed && this.ending === ending;
    this.typed = !off;
    this.ending = off ? "" : ending;
  }

  /** Selects those of the rows that the filter shows that were not selected, and no other of them. */
  invert(): void {
    const excluded = new Set(this.excluded);
    for (const { url } of this.shown) if (!excluded.delete(url)) excluded.add(url);
    this.excluded = excluded;
  }

  /** Probes all selected links that were not probed yet. */
  async probeAll(options: (item: BatchItem) => DownloadOptions): Promise<void> {
    this.stop();
    const turn = this.#turn;
    const queue = this.chosen.filter((item) => !this.probes.has(item.url));
    this.toProbe = queue.length;
    const work = async (): Promise<void> => {
      for (let item = queue.shift(); item !== undefined && turn === this.#turn; item = queue.shift()) {
        const { url } = item;
        this.#note(url, { is: "looking" });
        const probe = await api.look(url, options(item)).then(
          (look): ItemProbe => ({ is: "found", look }),
          (error: unknown): ItemProbe => ({ is: "failed", failure: api.toIpcError(error) }),
        );
        if (turn !== this.#turn) return;
        this.#note(url, probe);
        this.toProbe -= 1;
      }
    };
    await Promise.all(Array.from({ length: maxConcurrentProbes }, work));
  }

  /** Starts no more probes and ignores the results of those in progress. */
  stop(): void {
    this.#turn += 1;
    this.toProbe = 0;
    this.probes = new Map([...this.probes].filter(([, probe]) => probe.is !== "looking"));
  }

  #note(url: string, probe: ItemProbe): void {
    this.probes = new Map(this.probes).set(url, probe);
  }
}

/** Distinct values with their counts, most frequent first. */
function counted(values: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}
