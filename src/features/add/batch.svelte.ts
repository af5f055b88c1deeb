// Many links at once: which of them are wanted, and what their servers say of them, asked a few at a time and only as
// long as the person wants. Knows no markup.
import * as api from "../../lib/api.ts";
import type { CommandFailure, DownloadOptions, Look } from "../../lib/api.ts";
import type { Curl } from "../../lib/input/curl.ts";
import type { Wanted } from "../../lib/input/parse-input.ts";

/** As many answers as the core keeps open: more would use up links that work once only. */
export const keptLooks = 4;
/** Questions on their way at the same time. */
const together = 3;

export type Found =
  { is: "looking" } | { is: "found"; look: Look } | { is: "failed"; failure: CommandFailure };

export type Line = {
  url: string;
  host: string;
  /** As the link names it. */
  name: string;
  /** The name's ending in small letters, without the dot; empty when it has none. */
  ending: string;
  with: Curl | null;
};

export function lineOf({ url, with: curl }: Wanted): Line {
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

export class Many {
  lines = $state.raw<readonly Line[]>([]);
  /** Links that shall not be added. */
  left = $state.raw<ReadonlySet<string>>(new Set());
  host = $state("");
  ending = $state("");
  found = $state.raw<ReadonlyMap<string, Found>>(new Map());
  /** How many are still to be asked about; 0 when nothing is. */
  toAsk = $state(0);
  #turn = 0;

  hosts = $derived(counted(this.lines.map((line) => line.host)));
  endings = $derived(counted(this.lines.map((line) => line.ending)));
  shown = $derived(
    this.lines.filter(
      (line) =>
        (this.host === "" || line.host === this.host) && (this.ending === "" || line.ending === this.ending),
    ),
  );
  chosen = $derived(this.lines.filter((line) => !this.left.has(line.url)));
  shownChosen = $derived(this.shown.filter((line) => !this.left.has(line.url)).length);
  asked = $derived(this.lines.every((line) => this.found.has(line.url)));
  size = $derived(
    this.chosen.reduce((sum, line) => {
      const found = this.found.get(line.url);
      return sum + (found?.is === "found" ? (found.look.total ?? 0) : 0);
    }, 0),
  );
  /** Chosen ones whose size nobody knows yet. */
  unsized = $derived(
    this.chosen.filter((line) => {
      const found = this.found.get(line.url);
      return found?.is !== "found" || found.look.total === null;
    }).length,
  );

  /** `known`: links that the list has already; they are left out until somebody ticks them. */
  set(wanted: readonly Wanted[], known: ReadonlySet<string>): void {
    const before = new Set(this.lines.map((line) => line.url));
    this.lines = wanted.map(lineOf);
    // A choice that was made stays while the text is edited.
    const left = this.lines.filter(({ url }) => (before.has(url) ? this.left.has(url) : known.has(url)));
    this.left = new Set(left.map((line) => line.url));
    if (!this.hosts.some(([host]) => host === this.host)) this.host = "";
    if (!this.endings.some(([ending]) => ending === this.ending)) this.ending = "";
  }

  tick(url: string, on: boolean): void {
    const left = new Set(this.left);
    if (on) left.delete(url);
    else left.add(url);
    this.left = left;
  }

  /** Ticks all that are shown, or none of them. */
  tickShown(on: boolean): void {
    const left = new Set(this.left);
    for (const { url } of this.shown) {
      if (on) left.delete(url);
      else left.add(url);
    }
    this.left = left;
  }

  /** Asks about all ticked ones that nobody asked about yet. */
  async ask(options: (line: Line) => DownloadOptions): Promise<void> {
    this.stop();
    const turn = this.#turn;
    const queue = this.chosen.filter((line) => !this.found.has(line.url));
    this.toAsk = queue.length;
    const work = async (): Promise<void> => {
      for (let line = queue.shift(); line !== undefined && turn === this.#turn; line = queue.shift()) {
        const { url } = line;
        this.#note(url, { is: "looking" });
        const found = await api.look(url, options(line)).then(
          (look): Found => ({ is: "found", look }),
          (error: unknown): Found => ({ is: "failed", failure: api.failureOf(error) }),
        );
        if (turn !== this.#turn) return;
        this.#note(url, found);
        this.toAsk -= 1;
      }
    };
    await Promise.all(Array.from({ length: together }, work));
  }

  /** Asks no more; what is still on its way reaches nobody. */
  stop(): void {
    this.#turn += 1;
    this.toAsk = 0;
    this.found = new Map([...this.found].filter(([, found]) => found.is !== "looking"));
  }

  #note(url: string, found: Found): void {
    this.found = new Map(this.found).set(url, found);
  }
}

/** Each value with how often it is there, the most frequent first. */
function counted(values: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}
