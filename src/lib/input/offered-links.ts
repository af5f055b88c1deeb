// What another app sent with the links it opened, or a file has with its links, in the form of parsed cURL commands. Pure.
import type { Offered } from "../api.ts";
import type { CurlRequest } from "./curl.ts";

/** A link from an app or a file. One in a Metalink has its checksum there, or null. */
export type OfferedLink = Offered & { checksum?: string | null };

/** By link; links without a name, headers or a checksum are omitted. */
export function offeredRequests(offered: readonly OfferedLink[]): Map<string, CurlRequest> {
  const some = offered.filter(
    ({ name, headers, checksum }) => name !== null || headers.length > 0 || checksum != null,
  );
  return new Map(some.map((one) => [one.url, toCurlRequest(one)]));
}

function toCurlRequest({ url, name, headers, checksum }: OfferedLink): CurlRequest {
  const rest = new Map(headers.map((pair) => [pair[0].toLowerCase(), pair]));
  const own = (header: string): string | null => {
    const value = rest.get(header)?.[1] ?? null;
    rest.delete(header);
    return value;
  };
  const [userAgent, referrer, cookies] = [own("user-agent"), own("referer"), own("cookie")];
  const others = [...rest.values()];
  return {
    links: [url],
    name,
    headers: others,
    userAgent,
    referrer,
    cookies,
    credentials: null,
    proxy: null,
    ...(checksum === undefined ? {} : { checksum }),
    fault: null,
  };
}
