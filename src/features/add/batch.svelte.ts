// The links of a batch: which of them are added, and their probes, run a few in parallel until the user stops them.
// Knows no markup.
import * as api from "../../lib/api.ts";
import type { IpcError, DownloadOptions, ProbeResult } from "../../lib/api.ts";
import type { CurlRequest } from "../../lib/input/curl.ts";
import type { ParsedLink } from "../../lib/input/parse-input.ts";

/** The number of probes that the core keeps open: more would use up one-time links. */
export const maxOpenProbes = 4;
const maxConcurrentProbes = 3;

export type ItemProbe =
  { is: "looking" } | { is: "found"; look: ProbeResult } | { is: "failed"; failure: IpcError };

export type BatchItem = {
  url: string;
  host: string;
  /** From the link's path. */
  name: string;
  /** Extension of the name in lower case, without the dot; empty when there is none. */
  ending: string;
  with: CurlRequest | null;
};

function toBatchItem({ url, with: curl }: ParsedLink): BatchItem {
  const { host, pathname } = new URL(url);
  const name = decoded(pathname.split("/").findLast((part) => part !== "") ?? host);
  return { url, host, name, ending: /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? "", with: curl };
}

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
  probes = $state.raw<ReadonlyMap<string, ItemProbe>>(new Map());
  /** Probes that are still to be done; 0 when none is running. */
  toProbe = $state(0);
  #turn = 0;
  readonly #found = new Set<string>();

  hosts = $derived(counted(this.items.map((item) => item.host)));
  endings = $derived(counted(this.items.map((item) => item.ending)));
  shown = $derived(
    this.items.filter(
      (item) =>
        (this.host === "" || item.host === this.host) && (this.ending === "" || item.ending === this.ending),
    ),
  );
  chosen = $derived(this.items.filter((item) => !this.excluded.has(item.url)));
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

  /** `known`: links that are already in the list; excluded until the user selects them. */
  set(wanted: readonly ParsedLink[], known: ReadonlySet<string>): void {
    const before = new Set(this.items.map((item) => item.url));
    this.items = wanted.map(toBatchItem);
    // The user's selection survives edits of the text.
    const excluded = this.items.filter(({ url }) =>
      before.has(url) ? this.excluded.has(url) : known.has(url),
    );
    this.excluded = new Set(excluded.map((item) => item.url));
    if (!this.hosts.some(([host]) => host === this.host)) this.host = "";
    if (!this.endings.some(([ending]) => ending === this.ending)) this.ending = "";
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
