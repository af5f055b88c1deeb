// State of the add dialog: the parsed text, the probe of its link, the target folder, and the two ways to add it. Knows
// the core's commands, no markup.
import { untrack } from "svelte";
import * as api from "../../lib/api.ts";
import type {
  Category,
  DownloadOptions,
  Folder,
  PlatformInfo,
  Row,
  Duplicate,
  Settings,
} from "../../lib/api.ts";
import { errorText } from "../../lib/labels.ts";
import { DuplicateCheck } from "./duplicate-check.svelte.ts";
import { FolderSpace } from "./folder-space.svelte.ts";
import { LinkProbe } from "./link-probe.svelte.ts";
import { maxOpenProbes, type BatchItem, Batch } from "./batch.svelte.ts";
import { AdvancedFields } from "../properties/advanced-fields.svelte.ts";
import { m } from "../../paraglide/messages.js";
import { readLinkFiles } from "../../lib/input/link-files.ts";
import { offeredRequests, type OfferedLink } from "../../lib/input/offered-links.ts";
import type { CurlRequest } from "../../lib/input/curl.ts";
import { completeSchemes, looksLikeLink, parseInput, type ParsedInput } from "../../lib/input/parse-input.ts";
import { faultText } from "../../lib/input/fault-text.ts";

/** Folders offered besides the selected one. */
const maxOtherFolders = 3;
/** How long a press of the button waits for a probe in progress; in ms. */
const probeTimeout = 5_000;

/** What the form needs of the list that it adds to. */
export type AddTarget = {
  readonly list: { readonly rows: readonly Row[] };
  readonly settings: { readonly now: Settings | undefined };
  readonly hints: { readonly platform: PlatformInfo | undefined };
  readonly selection: { selectOnly: (id: number) => void };
  open: (id: number) => void;
  /** Throws an IpcError. `show` opens the details of the new download. */
  add: (url: string, options: DownloadOptions, show: boolean) => Promise<void>;
  /** The same in the place of a download of the list; can be undone. */
  replace: (same: Duplicate, url: string, options: DownloadOptions, show: boolean) => Promise<void>;
};

export class AddForm {
  /** What came with links opened by another app or of a file, until it is in the fields. */
  #offered = $state.raw<ReadonlyMap<string, CurlRequest>>(new Map());
  text = $state("");
  /** Whether servers may be probed before a press: the user typed the links, or pasted them into the window. */
  agreed = $state(true);
  /** Brackets in the link are taken literally, not as a pattern. */
  literal = $state(false);
  /** As the user typed it; undefined: the name from the server. */
  name = $state<string | undefined>();
  folder = $state.raw<Folder | undefined>();
  category = $state<Category | undefined>();
  advanced = new AdvancedFields();
  linkProbe = new LinkProbe();
  known = new DuplicateCheck();
  batch = new Batch();
  /** The request of a pasted cURL command, or of the app that opened the link. */
  curl = $state.raw<CurlRequest | undefined>();
  /** Whether `curl` came from an app. */
  byApp = $state(false);
  /** Downloads in the list with this link or file; the user has to choose what to do. */
  duplicates = $state.raw<readonly Duplicate[]>([]);
  busy = $state(false);
  tried = $state(false);
  refused = $state<string | null>(null);

  input: ParsedInput = $derived(parseInput(completeSchemes(this.text), this.literal, this.#offered));
  isBatch = $derived(this.input.links.length > 1);
  probe = $derived(this.linkProbe.state.is === "found" ? this.linkProbe.state.look : undefined);
  error = $derived(
    this.refused ?? (this.tried && this.input.fault !== null ? faultText(this.input.fault) : null),
  );
  shownName: string = $derived(this.name ?? this.probe?.name ?? "");
  shownCategory: Category | undefined = $derived(this.category ?? this.probe?.category);
  /** The target folder: the selected one, else the category's, else the default. */
  shownFolder: Folder | undefined = $derived.by(() => {
    if (this.folder !== undefined) return this.folder;
    if (this.category === undefined && this.probe !== undefined) return this.probe.folder;
    const own = this.#settings?.categories.find(({ category }) => category === this.category);
    return own?.folder ?? this.#settings?.folder ?? this.#usual;
  });

  /** Free bytes for the target folder; null while that is unknown. */
  free: number | null = $derived.by(() => {
    const id = this.shownFolder?.id;
    if (this.probe?.folder.id === id) return this.probe?.free ?? null;
    return this.#space.of(id);
  });
  /** Bytes of what is to be added, as far as they are known. */
  needed: number = $derived(this.isBatch ? this.batch.size : (this.probe?.total ?? 0));
  tooLarge = $derived(this.free !== null && this.needed > this.free);
  /** The patterns of the rule that chose the target folder. */
  rule: string | null = $derived(
    this.folder === undefined && this.category === undefined ? (this.probe?.rule ?? null) : null,
  );

  /** Other folders that need no folder dialog: the most recent ones, then the default. */
  otherFolders: readonly Folder[] = $derived.by(() => {
    const all = [...this.#recent, ...(this.#usual === undefined ? [] : [this.#usual])];
    const ids = new Set([this.shownFolder?.id]);
    return all.filter(({ id }) => !ids.has(id) && ids.add(id)).slice(0, maxOtherFolders);
  });

  #target: AddTarget;
  #usual = $state.raw<Folder | undefined>();
  #space = new FolderSpace();
  #recent = $state.raw<readonly Folder[]>([]);
  #settings = $derived.by(() => this.#target.settings.now);
  #paused = false;
  #over = false;

  /** `outside`: the links come from another program or a page, not from the user. */
  constructor(target: AddTarget, text: string, outside = false, offered: readonly OfferedLink[] = []) {
    this.#target = target;
    this.#offered = offeredRequests(offered);
    this.text = text;
    this.agreed = !outside;
    this.typed();
  }

  /** Loads what the dialog shows initially. `prefill` is called when the clipboard holds a link. */
  async open(prefill: () => void): Promise<void> {
    const folders = Promise.all([
      api.defaultFolder().then((folder) => (this.#usual = folder)),
      api.recentFolders().then((recent) => (this.#recent = recent)),
    ]).catch(() => undefined);
    if (this.text === "") {
      const found = await this.#copied();
      // Keeps what the user typed meanwhile.
      if (looksLikeLink(found) && this.#untouched) {
        this.text = found.trim();
        // Only offered, not probed: the link may work once only, or sign the user out.
        this.agreed = false;
        this.typed();
        prefill();
      }
    }
    await folders;
  }

  get #untouched(): boolean {
    return this.input.fault?.is === "nothing";
  }

  /**
   * The clipboard's text. On a phone only the focused app may read it, and an app opened by a tile or a shortcut gets
   * the focus a moment later: hence the retries.
   */
  async #copied(): Promise<string> {
    for (let left = this.agreed ? 1 : 10; left > 0 && this.#untouched && !this.#over; left -= 1) {
      const found = await api.clipboard().catch(() => "");
      if (found !== "" || left === 1) return found;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return "";
  }

  /** The user changed the text. */
  edited(): void {
    this.agreed = true;
    this.typed();
  }

  /** Shows `https://` in front of links that were typed without a scheme. */
  complete(): void {
    const whole = completeSchemes(this.text);
    if (whole === this.text) return;
    this.text = whole;
    this.typed();
  }

  /** Takes the links of files that the user has chosen, beside what is there. */
  async openFiles(files: readonly File[]): Promise<void> {
    this.refused = null;
    try {
      const found = await readLinkFiles(files);
      if (found.length === 0) {
        this.refused = m.adding_file_without_links();
        return;
      }
      this.#offered = new Map([...this.#offered, ...offeredRequests(found)]);
      this.agreed = false;
      this.text = [this.text.trim(), ...found.map(({ url }) => url)].filter((text) => text !== "").join("\n");
      this.typed();
    } catch {
      this.refused = m.adding_file_unread();
    }
  }

  /** Asks how much is free in the target folder; called whenever that changes. */
  askFree(): void {
    const id = this.shownFolder?.id;
    const told = this.probe?.folder.id === id;
    untrack(() => {
      if (id !== undefined && !told) this.#space.ask(id);
    });
  }

  /** Looks for the link and its file in the list; called whenever one of them or the folder changes. */
  askKnown(): void {
    const [only] = this.input.links;
    const name = this.#name ?? this.probe?.name ?? null;
    const folder = this.shownFolder?.id ?? null;
    untrack(() => {
      if (this.isBatch || only === undefined || folder === null) this.known.stop();
      else this.known.ask(only.url, name, folder);
    });
  }

  /** The text changed: splits a single cURL command into link and fields. */
  typed(): void {
    this.refused = null;
    const brought = new Set(this.input.links.map((one) => one.with));
    const [curl] = brought;
    if (brought.size !== 1 || !curl) return;
    this.advanced.take(curl);
    this.curl = curl;
    this.byApp = this.#offered.size > 0;
    this.#offered = new Map();
    if (curl.links.length === 1 && curl.name !== null) this.name = curl.name;
    this.text = curl.links.join("\n");
  }

  /** Probes the single link; called whenever the link or the options of its request change. */
  probeLink(): void {
    const { agreed } = this;
    const { links } = this.input;
    const [only] = links;
    const options = this.advanced.faulty ? undefined : this.#probeOptions(null);
    untrack(() => {
      if (links.length !== 1 || only === undefined) this.linkProbe.stop();
      else if (options !== undefined) {
        if (agreed) this.linkProbe.request(only.url, options);
        else this.linkProbe.offer(only.url, options);
      }
    });
  }

  /** Fills the table with the links of the text, and probes them if the core can keep that many probes open. */
  fillBatch(): void {
    const { links } = this.input;
    untrack(() => {
      this.batch.stop();
      if (links.length < 2) return;
      this.batch.set(links, new Set(this.#target.list.rows.map((row) => row.url)));
      void this.#excludeLong();
      if (this.agreed && links.length <= maxOpenProbes && !this.advanced.faulty) void this.probeAll();
    });
  }

  /** Excludes also those links of the list of which the rows carry only the beginning. */
  async #excludeLong(): Promise<void> {
    const cut = this.#target.list.rows.filter((row) => row.url.endsWith("…"));
    if (cut.length > 0) this.batch.exclude(await api.links(cut.map((row) => row.id)).catch(() => []));
  }

  probeAll = (): Promise<void> => this.batch.probeAll((item) => this.#probeOptions(item.with));

  async pickFolder(): Promise<void> {
    try {
      this.folder = (await api.pickFolder()) ?? this.folder;
    } catch (error) {
      this.refused = errorText(api.toIpcError(error));
    }
  }

  chooseCategory(category: Category): void {
    this.category = category;
    // The category's folder applies until the user selects one.
    this.folder = undefined;
  }

  /** True when everything was added and the dialog can close. */
  async start(paused: boolean, show: boolean): Promise<boolean> {
    this.tried = true;
    this.refused = null;
    this.complete();
    if (this.input.fault !== null || this.advanced.faulty || this.busy) return false;
    const { batch } = this;
    if (this.isBatch && (batch.chosen.length === 0 || batch.templateError || batch.subfolderError))
      return false;
    return this.#busily(async () => {
      if (this.isBatch) return this.#addMany(paused);
      await this.linkProbe.settled(probeTimeout);
      this.#paused = paused;
      this.duplicates = await api.same(
        this.#url,
        this.#name ?? this.probe?.name ?? null,
        this.shownFolder?.id ?? null,
      );
      if (this.duplicates.length > 0) return false;
      await this.#add(show);
      return true;
    });
  }

  addAnyway = (show: boolean): Promise<boolean> =>
    this.#busily(async () => {
      await this.#add(show);
      return true;
    });

  replace = (same: Duplicate, show: boolean): Promise<boolean> =>
    this.#busily(async () => {
      await this.#target.replace(same, this.#url, this.#options(this.#name, this.#paused), show);
      return true;
    });

  updateLink = (same: Duplicate): Promise<boolean> =>
    this.#busily(async () => {
      await api.changeLink(same.id, this.#url);
      return true;
    });

  showExisting(same: Duplicate): void {
    this.#target.selection.selectOnly(same.id);
    this.#target.open(same.id);
  }

  /** The dialog was closed. */
  end(): void {
    this.#over = true;
    this.linkProbe.stop();
    this.known.stop();
    this.batch.stop();
  }

  get #url(): string {
    return this.input.links[0]?.url ?? "";
  }
  get #name(): string | null {
    const name = this.name?.trim() ?? "";
    return name === "" || name === this.probe?.name ? null : name;
  }
  /** Null when nothing was selected: the core chooses the folder by rule and category. */
  get #chosenFolder(): string | null {
    return this.folder === undefined && this.category === undefined ? null : (this.shownFolder?.id ?? null);
  }
  /** The selected folder, else the one that was shown with the server's answer. */
  get #folderId(): string | null {
    return this.#chosenFolder ?? this.probe?.folder.id ?? null;
  }

  #probeOptions(curl: CurlRequest | null): DownloadOptions {
    return this.advanced.options(this.#chosenFolder, null, false, curl);
  }

  #options(name: string | null, paused: boolean, curl: CurlRequest | null = null): DownloadOptions {
    return this.advanced.options(this.#folderId, name, paused, curl);
  }

  #add = (show: boolean): Promise<void> =>
    this.#target.add(this.#url, this.#options(this.#name, this.#paused), show);

  /** One transaction per group of links with the same options. */
  async #addMany(paused: boolean): Promise<boolean> {
    this.batch.stop();
    const groups = new Map<string, { options: DownloadOptions; items: BatchItem[] }>();
    const subfolder = this.batch.subfolder.trim() === "" ? null : this.batch.subfolder.trim();
    // Numbered in the order of the table, whatever the filter shows.
    const names = new Map(
      this.batch.ordered.map((item, place) => [item.url, this.batch.chosenName(item, place)]),
    );
    for (const item of this.batch.chosen) {
      const options = { ...this.#options(null, paused, item.with), checksum: null, subfolder };
      const key = JSON.stringify(options);
      const group = groups.get(key) ?? { options, items: [] };
      group.items.push(item);
      groups.set(key, group);
    }
    for (const { options, items } of groups.values()) {
      const named = items.map(({ url, with: brought }) => {
        const checksum = brought?.checksum ?? null;
        return { url, name: names.get(url) ?? null, ...(checksum === null ? {} : { checksum }) };
      });
      await api.downloadMany(named, options);
      // Deselected, so that another press does not add them twice.
      for (const item of items) this.batch.tick(item.url, false);
    }
    return true;
  }

  async #busily(work: () => Promise<boolean>): Promise<boolean> {
    this.busy = true;
    try {
      return await work();
    } catch (error) {
      this.duplicates = [];
      this.refused = errorText(api.toIpcError(error));
      return false;
    } finally {
      this.busy = false;
    }
  }
}
