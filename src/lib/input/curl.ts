// Parses pasted cURL commands, as far as a download can use them: the links and the options of their requests. Knows
// curl's options; sends nothing.
import { splitCommands } from "./shell-split.ts";

/** Why a command cannot be used. `option` is as it was typed. */
export type CurlFault = { why: "method" | "body" | "part" | "no-link"; option: string };

export type CurlRequest = {
  links: string[];
  name: string | null;
  headers: [string, string][];
  userAgent: string | null;
  referrer: string | null;
  cookies: string | null;
  credentials: { user: string; password: string } | null;
  proxy: string | null;
  /** Only of a file in a Metalink; null if it has none there. */
  checksum?: string | null;
  fault: CurlFault | null;
};

const short: Readonly<Record<string, string>> = {
  X: "request",
  H: "header",
  A: "user-agent",
  e: "referer",
  b: "cookie",
  u: "user",
  o: "output",
  x: "proxy",
  d: "data",
  F: "form",
  T: "upload-file",
  I: "head",
  G: "get",
  r: "range",
  C: "continue-at",
  U: "proxy-user",
};
/** Options with a value that have no effect here; listed so that the value is not taken for a link. */
const valued = new Set(
  (
    "m max-time w write-out c cookie-jar D dump-header K config E cert P ftp-port Q quote t telnet-option y speed-time " +
    "Y speed-limit z time-cond cacert capath ciphers tls13-ciphers connect-timeout connect-to resolve interface " +
    "limit-rate max-redirs max-filesize retry retry-delay retry-max-time rate output-dir stderr trace trace-ascii " +
    "key pass cert-type key-type noproxy dns-servers local-port keepalive-time unix-socket tls-max proto proto-redir " +
    "proto-default aws-sigv4 oauth2-bearer happy-eyeballs-timeout-ms expect100-timeout create-file-mode alt-svc hsts"
  ).split(" "),
);
const bodies = new Set([
  "data",
  "data-raw",
  "data-binary",
  "data-ascii",
  "data-urlencode",
  "json",
  "form",
  "form-string",
  "upload-file",
]);

/** All cURL commands in `text`; empty when there are none. */
export function parseCurl(text: string): CurlRequest[] {
  if (!/(^|[\s;&|$>/\\])curl(\.exe)?\s/i.test(text)) return [];
  return splitCommands(text).flatMap((words) => {
    const at = words.findIndex((word) => /^((?!https?:).*[\\/])?curl(\.exe)?$/i.test(word));
    // A prompt sign or `sudo` may precede it; a sentence that mentions curl is no command.
    return at < 0 || at > 2 ? [] : [read(words.slice(at + 1))];
  });
}

function read(words: readonly string[]): CurlRequest {
  const curl: CurlRequest = {
    links: [],
    name: null,
    headers: [],
    userAgent: null,
    referrer: null,
    cookies: null,
    credentials: null,
    proxy: null,
    fault: null,
  };
  const late: { get: boolean; proxyUser: string | null } = { get: false, proxyUser: null };
  let at = 0;
  const value = (): string => words[at++] ?? "";
  const take = (name: string, written: string, next: () => string): void => {
    if (name === "get") late.get = true;
    else if (name === "proxy-user") late.proxyUser = next();
    else if (bodies.has(name)) {
      next();
      curl.fault ??= { why: "body", option: written };
    } else one(curl, name, written, next);
  };
  while (at < words.length) {
    const word = value();
    if (/^--\w/.test(word)) take(word.slice(2), word, value);
    else if (/^-\w/.test(word)) cluster(word, take, value);
    else curl.links.push(...link(word));
  }
  if (late.proxyUser !== null) curl.proxy = signedIn(curl.proxy, late.proxyUser);
  // With -G a HEAD request becomes a GET again. Data would go into the link's query, which is not attempted here.
  if (curl.fault?.option === "-I" && late.get) curl.fault = null;
  if (curl.links.length === 0) curl.fault ??= { why: "no-link", option: "curl" };
  return curl;
}

/** `-sSLH value` and `-Hvalue`: letters up to one that takes the rest, or the next word, as its value. */
function cluster(
  word: string,
  take: (name: string, written: string, next: () => string) => void,
  next: () => string,
): void {
  let rest = word.slice(1);
  while (rest !== "") {
    const sign = rest.slice(0, 1);
    rest = rest.slice(1);
    take(short[sign] ?? sign, `-${sign}`, () => {
      const value = rest === "" ? next() : rest;
      rest = "";
      return value;
    });
  }
}

function one(curl: CurlRequest, name: string, written: string, next: () => string): void {
  switch (name) {
    case "url":
      curl.links.push(...link(next()));
      return;
    case "request": {
      const method = next();
      if (method.toUpperCase() !== "GET") curl.fault ??= { why: "method", option: `${written} ${method}` };
      return;
    }
    case "head":
      curl.fault ??= { why: "method", option: written };
      return;
    case "range":
      next();
      curl.fault ??= { why: "part", option: written };
      return;
    case "header":
      header(curl, next());
      return;
    case "user-agent":
      curl.userAgent = next();
      return;
    case "referer":
      curl.referrer = next().replace(/;auto$/, "");
      return;
    case "cookie": {
      // Without `=` it is the name of a cookie file, which the window may not read.
      const cookies = next();
      if (cookies.includes("=")) curl.cookies = joined(curl.cookies, cookies);
      return;
    }
    case "user":
      curl.credentials = credentials(next());
      return;
    case "oauth2-bearer":
      curl.headers.push(["Authorization", `Bearer ${next()}`]);
      return;
    case "proxy":
      curl.proxy = withScheme(next());
      return;
    case "output":
      curl.name = next().split(/[\\/]/).at(-1) || null;
      return;
    default:
      if (name === "continue-at" || valued.has(name)) next();
  }
}

function header(curl: CurlRequest, text: string): void {
  const match = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*[:;]\s*(.*?)\s*$/s.exec(text);
  const [, name = "", value = ""] = match ?? [];
  // `Name:` without a value removes one of curl's own headers. Encoding, range and connection headers are set by the
  // downloader.
  if (value === "" || /^(accept-encoding|range|if-range|connection|content-length|te|host)$/i.test(name))
    return;
  switch (name.toLowerCase()) {
    case "user-agent":
      curl.userAgent = value;
      return;
    case "referer":
      curl.referrer = value;
      return;
    case "cookie":
      curl.cookies = joined(curl.cookies, value);
      return;
    default:
      curl.headers.push([name, value]);
  }
}

const joined = (before: string | null, more: string): string =>
  before === null ? more : `${before}; ${more}`;

function credentials(text: string): { user: string; password: string } {
  const colon = text.indexOf(":");
  return colon < 0
    ? { user: text, password: "" }
    : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

const withScheme = (proxy: string): string => (proxy.includes("://") ? proxy : `http://${proxy}`);

function signedIn(proxy: string | null, text: string): string | null {
  if (proxy === null || !URL.canParse(proxy)) return proxy;
  const { user, password } = credentials(text);
  return proxy.replace("://", `://${encodeURIComponent(user)}:${encodeURIComponent(password)}@`);
}

/** curl treats `example.org/x` as http. */
function link(text: string): string[] {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  return URL.canParse(url) ? [url] : [];
}
