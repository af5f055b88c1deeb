// What another app brought along with the links that it opened, as a cURL command would bring it. Pure.
import type { Offered } from "../api.ts";
import type { Curl } from "./curl.ts";

/** By link; those that nothing came along with are left out. */
export function broughtBy(offered: readonly Offered[]): Map<string, Curl> {
  const some = offered.filter(({ name, headers }) => name !== null || headers.length > 0);
  return new Map(some.map((one) => [one.url, along(one)]));
}

function along({ url, name, headers }: Offered): Curl {
  const rest = new Map(headers.map((pair) => [pair[0].toLowerCase(), pair]));
  const own = (header: string): string | null => {
    const value = rest.get(header)?.[1] ?? null;
    rest.delete(header);
    return value;
  };
  const [agent, referrer, cookies] = [own("user-agent"), own("referer"), own("cookie")];
  const others = [...rest.values()];
  return {
    links: [url],
    name,
    headers: others,
    agent,
    referrer,
    cookies,
    credentials: null,
    proxy: null,
    fault: null,
  };
}
