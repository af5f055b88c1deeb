// The advanced options of the add dialog: what was typed, whether it is valid, and the options it stands for.
import { m } from "../../paraglide/messages.js";
import type { DownloadOptions, Priority } from "../../lib/api.ts";
import { maxConnections } from "../../lib/limits.ts";
import { parseSize } from "../../lib/parse-size.ts";
import type { CurlRequest } from "../../lib/input/curl.ts";
import {
  parseChecksum,
  parseHeaders,
  formatHeaders,
  parseDate,
  parseProxy,
} from "../../lib/input/field-parsers.ts";

type Pairs = [string, string][];

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
  faulty: boolean = $derived(
    [
      this.connectionsError,
      this.limitError,
      this.startAtError,
      this.checksumError,
      this.headersError,
      this.userError,
      this.proxyError,
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
    };
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
