// The options of a download in a form: what was typed, whether it is valid, and the options it stands for. Knows no
// markup.
import { m } from "../../paraglide/messages.js";
import type { DownloadOptions, OptionChange, Priority, Properties } from "../../lib/api.ts";
import { formatRate } from "../../lib/format-rate.ts";
import { maxConnections } from "../../lib/limits.ts";
import { parseSize } from "../../lib/parse-size.ts";
import { parseTags, tagsError } from "../../lib/tags.ts";
import type { CurlRequest } from "../../lib/input/curl.ts";
import {
  formatDate,
  formatHeaders,
  parseChecksum,
  parseHeaders,
  parseDate,
  parseProxy,
} from "../../lib/input/field-parsers.ts";

type Pairs = [string, string][];
/** The options of these fields; the name has a field of its own. */
type Field = Exclude<OptionChange["field"], "name">;

export class AdvancedFields {
  connections = $state("");
  limit = $state("");
  priority = $state<Priority>("normal");
  startAt = $state("");
  checksum = $state("");
  referrer = $state("");
  userAgent = $state("");
  cookies = $state("");
  headers = $state("");
  user = $state("");
  password = $state("");
  proxy = $state("");
  unmeteredOnly = $state(false);
  /** Tags of new downloads, separated by commas. */
  tags = $state("");
  /** Whether new downloads are ahead of all others of their priority. */
  queueFirst = $state(false);

  #headers = $derived(parseHeaders(this.headers));
  #checksum = $derived(parseChecksum(this.checksum));

  connectionsError = $derived(
    /^(|[1-9]|1[0-6])$/.test(this.connections.trim())
      ? null
      : m.adding_connections_wrong({ most: maxConnections }),
  );
  limitError = $derived(parseSize(this.limit) === undefined ? m.adding_limit_wrong() : null);
  startAtError = $derived(parseDate(this.startAt) === undefined ? m.adding_start_wrong() : null);
  checksumError = $derived(this.#checksum === undefined ? m.adding_checksum_wrong() : null);
  headersError = $derived(
    this.#headers.invalidLine === null
      ? null
      : m.adding_headers_wrong({ line: this.#headers.invalidLine.slice(0, 48) }),
  );
  userError = $derived(this.user.trim() === "" && this.password !== "" ? m.adding_user_wrong() : null);
  proxyError = $derived(parseProxy(this.proxy) === undefined ? m.adding_proxy_wrong() : null);
  tagsError = $derived(tagsError(parseTags(this.tags)));
  faulty: boolean = $derived(
    [
      this.connectionsError,
      this.limitError,
      this.startAtError,
      this.checksumError,
      this.headersError,
      this.userError,
      this.proxyError,
      this.tagsError,
    ].some((error) => error !== null),
  );
  algorithm = $derived(this.#checksum?.algorithm ?? null);

  /** Fills in the fields that a cURL command sets; the others keep their value. */
  take(curl: CurlRequest): void {
    this.headers = formatHeaders(curl.headers);
    this.userAgent = curl.userAgent ?? this.userAgent;
    this.referrer = curl.referrer ?? this.referrer;
    this.cookies = curl.cookies ?? this.cookies;
    this.user = curl.credentials?.user ?? this.user;
    this.password = curl.credentials?.password ?? this.password;
    this.proxy = curl.proxy ?? this.proxy;
    this.checksum = curl.checksum ?? this.checksum;
  }

  /** Shows what is set for one option; nothing for `undefined`. */
  show(field: Field, from: Properties | undefined): void {
    switch (field) {
      case "connections":
        this.connections = from?.connections == null ? "" : String(from.connections);
        break;
      case "limit":
        this.limit = formatRate(from?.limit ?? null);
        break;
      case "priority":
        this.priority = from?.priority ?? "normal";
        break;
      case "startAt":
        this.startAt = from?.startAt == null ? "" : formatDate(from.startAt);
        break;
      case "unmeteredOnly":
        this.unmeteredOnly = from?.unmeteredOnly ?? false;
        break;
      case "headers":
        this.#showHeaders(from?.headers ?? []);
        break;
      case "credentials":
        this.user = from?.user ?? "";
        this.password = from?.password ?? "";
        break;
      case "proxy":
        this.proxy = from?.proxy ?? "";
        break;
      case "checksum":
        this.checksum = from?.checksum ?? "";
        break;
    }
  }

  /** What stands in the fields of one option, to be compared with what stood there. */
  text(field: Field): string {
    switch (field) {
      case "headers":
        return [this.referrer, this.userAgent, this.cookies, this.headers].join("\n");
      case "credentials":
        return [this.user, this.password].join("\n");
      case "unmeteredOnly":
        return String(this.unmeteredOnly);
      case "priority":
      case "connections":
      case "limit":
      case "startAt":
      case "proxy":
      case "checksum":
        return this[field];
    }
  }

  error(field: Field): string | null {
    switch (field) {
      case "connections":
        return this.connectionsError;
      case "limit":
        return this.limitError;
      case "startAt":
        return this.startAtError;
      case "headers":
        return this.headersError;
      case "credentials":
        return this.userError;
      case "proxy":
        return this.proxyError;
      case "checksum":
        return this.checksumError;
      case "priority":
      case "unmeteredOnly":
        return null;
    }
  }

  /** The change of one option that its fields stand for; they are valid. */
  change(field: Field): OptionChange {
    const options = this.options(null, null, false);
    switch (field) {
      case "connections":
        return { field, value: options.connections };
      case "limit":
        return { field, value: options.limit };
      case "priority":
        return { field, value: options.priority };
      case "startAt":
        return { field, value: options.startAt };
      case "unmeteredOnly":
        return { field, value: options.unmeteredOnly };
      case "headers":
        return { field, value: options.headers };
      case "credentials":
        return { field, value: options.credentials };
      case "proxy":
        return { field, value: options.proxy };
      case "checksum":
        return { field, value: options.checksum };
    }
  }

  /** `curl`: what a link of a batch brings along; takes precedence over the fields. */
  options(
    folder: string | null,
    name: string | null,
    paused: boolean,
    curl: CurlRequest | null = null,
  ): DownloadOptions {
    const connections = this.connections.trim();
    const own = curl === null ? null : copied(curl);
    const pairs = own === null ? this.#pairs() : joined(own.#pairs(), this.#pairs());
    const user = this.user.trim();
    return {
      folder,
      name,
      headers: pairs,
      checksum: this.#checksum ? `${this.#checksum.algorithm}:${this.#checksum.digits}` : null,
      connections: connections === "" ? null : Number(connections),
      limit: parseSize(this.limit) ?? null,
      paused,
      proxy: parseProxy(curl?.proxy ?? this.proxy) ?? null,
      credentials: curl?.credentials ?? (user === "" ? null : { user, password: this.password }),
      priority: this.priority,
      startAt: parseDate(this.startAt) ?? null,
      unmeteredOnly: this.unmeteredOnly,
      tags: parseTags(this.tags),
      queueFirst: this.queueFirst,
      subfolder: null,
    };
  }

  #showHeaders(pairs: Readonly<Pairs>): void {
    const rest = [...pairs];
    const own = (name: string): string => {
      const at = rest.findIndex(([one]) => one.toLowerCase() === name);
      return at < 0 ? "" : (rest.splice(at, 1)[0]?.[1] ?? "");
    };
    this.referrer = own("referer");
    this.userAgent = own("user-agent");
    this.cookies = own("cookie");
    this.headers = formatHeaders(rest);
  }

  /** Dedicated fields take precedence over header lines of the same name. */
  #pairs(): Pairs {
    const own = [
      ["Referer", this.referrer.trim()],
      ["User-Agent", this.userAgent.trim()],
      ["Cookie", this.cookies.trim()],
    ].filter((pair): pair is [string, string] => pair[1] !== "");
    return joined(own, this.#headers.pairs);
  }
}

/** `first`, plus the headers of `then` that it does not name. */
function joined(first: Pairs, then: Pairs): Pairs {
  const named = new Set(first.map(([name]) => name.toLowerCase()));
  return [...first, ...then.filter(([name]) => !named.has(name.toLowerCase()))];
}

function copied(curl: CurlRequest): AdvancedFields {
  const advanced = new AdvancedFields();
  advanced.take(curl);
  return advanced;
}
