// Names and headers that another app sent with the links it opened, in the form of parsed cURL commands. Pure.
import type { Offered } from "../api.ts";
import type { CurlRequest } from "./curl.ts";

/** By link; links without a name or headers are omitted. */
export function offeredRequests(offered: readonly Offered[]): Map<string, CurlRequest> {
  const some = offered.filter(({ name, headers }) => name !== null || headers.length > 0);
  return new Map(some.map((one) => [one.url, toCurlRequest(one)]));
}

function toCurlRequest({ url, name, headers }: Offered): CurlRequest {
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
    fault: null,
  };
}
