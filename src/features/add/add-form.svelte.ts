// The state of the add dialog: the pasted text and what it means, the probe of its link, the target folder, and the two
// ways to add it. Knows the core's commands, no markup.
import { untrack } from "svelte";
import * as api from "../../lib/api.ts";
import type {
  Category,
  DownloadOptions,
  Folder,
  Offered,
  PlatformInfo,
  Row,
  Duplicate,
  Settings,
} from "../../lib/api.ts";
import { errorText } from "../../lib/labels.ts";
import { LinkProbe } from "./link-probe.svelte.ts";
import { maxOpenProbes, type BatchItem, Batch } from "./batch.svelte.ts";
import { AdvancedFields } from "./advanced-fields.svelte.ts";
import { offeredRequests } from "../../lib/input/offered-links.ts";
import type { CurlRequest } from "../../lib/input/curl.ts";
import { looksLikeLink, parseInput, type ParsedInput } from "../../lib/input/parse-input.ts";
import { faultText } from "../../lib/input/fault-text.ts";

/** Folders offered beside the one that is chosen. */
const maxOtherFolders = 3;
/** How long a press of the button waits for the answer that is on its way; in ms. */
const probeTimeout = 5_000;

/** What the form needs of the list that it adds to. */
export type AddTarget = {
  readonly list: { readonly rows: readonly Row[] };
  readonly settings: { readonly now: Settings | undefined };
  readonly hints: { readonly platform: PlatformInfo | undefined };
  readonly selection: { selectOnly: (id: number) => void };
  open: (id: number) => void;
  /** Throws a IpcError. `show` opens the details on the new download. */
  add: (url: string, options: DownloadOptions, show: boolean) => Promise<void>;
};

export class AddForm {
  /** What came along with links that an app opened, until it is in the fields. */
  #offered = $state.raw<ReadonlyMap<string, CurlRequest>>(new Map());
  text = $state("");
  /** Whether servers may be asked before a press: the person wrote the links, or pasted them into the window. */
  agreed = $state(true);
  /** Brackets in the link are no pattern. */
  literal = $state(false);
  /** As the person wrote it; undefined: as the server names it. */
  name = $state<string | undefined>();
  /** The folder that the person chose. */
  folder = $state.raw<Folder | undefined>();
  /** The category that the person chose. */
  category = $state<Category | undefined>();
  advanced = new AdvancedFields();
  linkProbe = new LinkProbe();
  batch = new Batch();
  /** What a cURL command brought along, when one was pasted, or the app that opened the link. */
  curl = $state.raw<CurlRequest | undefined>();
  /** Whether that was an app. */
  byApp = $state(false);
  /** The list has it already: the question is what to do. */
  duplicates = $state.raw<readonly Duplicate[]>([]);
  busy = $state(false);
  tried = $state(false);
  refused = $state<string | null>(null);

  input: ParsedInput = $derived(parseInput(this.text, this.literal, this.#offered));
  isBatch = $derived(this.input.links.length > 1);
  probe = $derived(this.linkProbe.state.is === "found" ? this.linkProbe.state.look : undefined);
  error = $derived(
    this.refused ?? (this.tried && this.input.fault !== null ? faultText(this.input.fault) : null),
  );
  shownName: string = $derived(this.name ?? this.probe?.name ?? "");
  shownCategory: Category | undefined = $derived(this.category ?? this.probe?.category);
  /** Where it goes, by choice, by category, by what the core said. */
  shownFolder: Folder | undefined = $derived.by(() => {
    if (this.folder !== undefined) return this.folder;
    if (this.category === undefined && this.probe !== undefined) return this.probe.folder;
    const own = this.#settings?.categories.find(({ category }) => category === this.category);
    return own?.folder ?? this.#settings?.folder ?? this.#usual;
  });

  /** The other folders that it can go to without a dialog: those used last, then the usual one. */
  otherFolders: readonly Folder[] = $derived.by(() => {
    const all = [...this.#recent, ...(this.#usual === undefined ? [] : [this.#usual])];
    const ids = new Set([this.shownFolder?.id]);
    return all.filter(({ id }) => !ids.has(id) && ids.add(id)).slice(0, maxOtherFolders);
  });

  #target: AddTarget;
  #usual = $state.raw<Folder | undefined>();
  #recent = $state.raw<readonly Folder[]>([]);
  #settings = $derived.by(() => this.#target.settings.now);
  #paused = false;
  #over = false;

  /** `outside`: another program or a page wrote the links, not the person. */
  constructor(target: AddTarget, text: string, outside = false, offered: readonly Offered[] = []) {
    this.#target = target;
    this.#offered = offeredRequests(offered);
    this.text = text;
    this.agreed = !outside;
    this.typed();
  }

  /** Fetches what the dialog opens with. `prefill`: the clipboard's link, when it holds one. */
  async open(prefill: () => void): Promise<void> {
    const folders = Promise.all([
      api.defaultFolder().then((folder) => (this.#usual = folder)),
      api.recentFolders().then((recent) => (this.#recent = recent)),
    ]).catch(() => undefined);
    if (this.text === "") {
      const found = await this.#copied();
      // What was typed meanwhile stays.
      if (looksLikeLink(found) && this.#untouched) {
        this.text = found.trim();
        // It may be a link that works once, or one that signs out: it is only offered.
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

  /** The text in the clipboard. A phone shows it only to the app that has the focus, which one that a tile or a shortcut has
      just opened gets in a moment. */
  async #copied(): Promise<string> {
    for (let left = this.agreed ? 1 : 10; left > 0 && this.#untouched && !this.#over; left -= 1) {
      const found = await api.clipboard().catch(() => "");
      if (found !== "" || left === 1) return found;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return "";
  }

  /** The person changed the text. */
  edited(): void {
    this.agreed = true;
    this.typed();
  }

  /** The text was changed: takes one cURL command apart into link and fields. */
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

  /** Looks at the one link; called whenever it or what goes along with the request has changed. */
  probeLink(): void {
    const { agreed } = this;
    const { links } = this.input;
    const [only] = links;
    const options = this.advanced.faulty ? undefined : this.#options(null, false);
    untrack(() => {
      if (links.length !== 1 || only === undefined) this.linkProbe.stop();
      else if (options !== undefined) {
        if (agreed) this.linkProbe.request(only.url, options);
        else this.linkProbe.offer(only.url, options);
      }
    });
  }

  /** Takes the links of the text into the table, and asks about as many as the core keeps the answers of. */
  fillBatch(): void {
    const { links } = this.input;
    untrack(() => {
      this.batch.stop();
      if (links.length < 2) return;
      this.batch.set(links, new Set(this.#target.list.rows.map((row) => row.url)));
      if (this.agreed && links.length <= maxOpenProbes && !this.advanced.faulty) void this.probeAll();
    });
  }

  probeAll = (): Promise<void> => this.batch.probeAll((item) => this.#options(null, false, item.with));

  async pickFolder(): Promise<void> {
    try {
      this.folder = (await api.pickFolder()) ?? this.folder;
    } catch (error) {
      this.refused = errorText(api.toIpcError(error));
    }
  }

  chooseCategory(category: Category): void {
    this.category = category;
    // The category says where it goes, until the person does.
    this.folder = undefined;
  }

  /** True when everything is on its way and the dialog can close. */
  async start(paused: boolean, show: boolean): Promise<boolean> {
    this.tried = true;
    this.refused = null;
    if (this.input.fault !== null || this.advanced.faulty || this.busy) return false;
    if (this.isBatch && this.batch.chosen.length === 0) return false;
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

  /** Answers to "it is there already". */
  addAnyway = (show: boolean): Promise<boolean> =>
    this.#busily(async () => {
      await this.#add(show);
      return true;
    });

  replace = (same: Duplicate, show: boolean): Promise<boolean> =>
    this.#busily(async () => {
      await api.remove(same.id, "trash");
      await this.#add(show);
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

  /** Nobody looks any more. */
  end(): void {
    this.#over = true;
    this.linkProbe.stop();
    this.batch.stop();
  }

  get #url(): string {
    return this.input.links[0]?.url ?? "";
  }
  get #name(): string | null {
    const name = this.name?.trim() ?? "";
    return name === "" || name === this.probe?.name ? null : name;
  }
  /** Null when nothing was chosen: the core knows where files of their sort go. */
  get #folderId(): string | null {
    return this.folder === undefined && this.category === undefined ? null : (this.shownFolder?.id ?? null);
  }

  #options(name: string | null, paused: boolean, curl: CurlRequest | null = null): DownloadOptions {
    return this.advanced.options(this.#folderId, name, paused, curl);
  }

  #add = (show: boolean): Promise<void> =>
    this.#target.add(this.#url, this.#options(this.#name, this.#paused), show);

  /** One transaction for all that go with the same options. */
  async #addMany(paused: boolean): Promise<boolean> {
    this.batch.stop();
    const groups = new Map<string, { options: DownloadOptions; items: BatchItem[] }>();
    for (const item of this.batch.chosen) {
      const options = { ...this.#options(null, paused, item.with), checksum: null };
      const key = JSON.stringify(options);
      const group = groups.get(key) ?? { options, items: [] };
      group.items.push(item);
      groups.set(key, group);
    }
    for (const { options, items } of groups.values()) {
      await api.downloadMany(items.map(itemOf), options);
      // Those that were added are not added twice by pressing again.
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

const itemOf = ({ url }: BatchItem): { url: string; name: string | null } => ({ url, name: null });
