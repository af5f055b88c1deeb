import { describe, expect, it } from "vitest";
import { parseCurl } from "./curl.ts";

const one = (text: string): ReturnType<typeof parseCurl>[number] => {
  const [curl, ...more] = parseCurl(text);
  if (curl === undefined || more.length > 0) throw new Error("not one command");
  return curl;
};

/** The same request as browsers copy it for both kinds of shell. */
const chromeBash = `curl 'https://a.example/get?id=1&k=v' \\
  -H 'accept: text/html,*/*;q=0.8' \\
  -H 'accept-encoding: gzip, deflate, br' \\
  -b 'sid=abc; theme=dark' \\
  -H 'referer: https://a.example/list' \\
  -H 'user-agent: Mozilla/5.0 (X11; Linux) "quoted" 100%41' \\
  --compressed`;
const chromeWindows = `curl ^"https://a.example/get?id=1^&k=v^" ^
  -H ^"accept: text/html,*/*;q=0.8^" ^
  -H ^"accept-encoding: gzip, deflate, br^" ^
  -b ^"sid=abc; theme=dark^" ^
  -H ^"referer: https://a.example/list^" ^
  -H ^"user-agent: Mozilla/5.0 (X11; Linux) ^\\^"quoted^\\^" 100^%^41^" ^
  --compressed`;

describe("a cURL command", () => {
  it.each([
    ["of a browser for bash", chromeBash],
    ["of a browser for the Windows prompt", chromeWindows],
    ["with Windows line ends", chromeWindows.replaceAll("\n", "\r\n")],
  ])("%s gives its link and what goes along", (_, text) => {
    expect(one(text)).toEqual({
      links: ["https://a.example/get?id=1&k=v"],
      name: null,
      headers: [["accept", "text/html,*/*;q=0.8"]],
      userAgent: 'Mozilla/5.0 (X11; Linux) "quoted" 100%41',
      referrer: "https://a.example/list",
      cookies: "sid=abc; theme=dark",
      credentials: null,
      proxy: null,
      fault: null,
    });
  });

  it.each([
    ["curl -sSLo out/x.zip https://a.example/x", { name: "x.zip", links: ["https://a.example/x"] }],
    ["curl -L -O --retry 3 -m 10 https://a.example/x", { links: ["https://a.example/x"], fault: null }],
    ["curl a.example/x", { links: ["http://a.example/x"] }],
    ["curl --url https://a.example/[01-20].jpg -o '#1.jpg'", { links: ["https://a.example/[01-20].jpg"] }],
    ["curl -u me:a:b https://a.example", { credentials: { user: "me", password: "a:b" } }],
    ["curl -ume https://a.example", { credentials: { user: "me", password: "" } }],
    ["curl -x p.example:3128 https://a.example", { proxy: "http://p.example:3128" }],
    [
      "curl -U u:p@ --proxy socks5h://p.example:1 https://a.example",
      { proxy: "socks5h://u:p%40@p.example:1" },
    ],
    [
      "curl -e 'https://r.example/;auto' -A Me/1 https://a.example",
      { referrer: "https://r.example/", userAgent: "Me/1" },
    ],
    ["curl -b jar.txt https://a.example", { cookies: null }],
    ["curl -b a=1 -H 'Cookie: b=2' https://a.example", { cookies: "a=1; b=2" }],
    [
      "curl -H 'Accept:' -H Host:x -H 'Range: bytes=0-1' -HX-A:1 https://a.example",
      { headers: [["X-A", "1"]] },
    ],
    ["curl --oauth2-bearer T https://a.example", { headers: [["Authorization", "Bearer T"]] }],
    ["curl -X GET https://a.example", { fault: null }],
    ["curl -XPOST https://a.example", { fault: { why: "method", option: "-X POST" } }],
    ["curl --request put https://a.example", { fault: { why: "method", option: "--request put" } }],
    ["curl -I https://a.example", { fault: { why: "method", option: "-I" } }],
    ["curl -d a=b https://a.example", { fault: { why: "body", option: "-d" } }],
    ["curl --data-raw '' https://a.example", { fault: { why: "body", option: "--data-raw" } }],
    ["curl -G -d a=b https://a.example", { fault: { why: "body", option: "-d" } }],
    ["curl -r 0-9 https://a.example", { fault: { why: "part", option: "-r" } }],
    ["curl -s", { fault: { why: "no-link", option: "curl" } }],
    ["$ curl https://a.example/x", { links: ["https://a.example/x"] }],
    ["sudo /usr/bin/curl https://a.example/x", { links: ["https://a.example/x"] }],
    ["curl.exe https://a.example/x", { links: ["https://a.example/x"] }],
  ])("%j", (text, wanted) => expect(one(text)).toMatchObject(wanted));

  it("is found beside others, and not in words about it", () => {
    expect(parseCurl("curl https://a.example/1\ncurl https://a.example/2").map((curl) => curl.links)).toEqual(
      [["https://a.example/1"], ["https://a.example/2"]],
    );
    expect(parseCurl("https://a.example/curl")).toEqual([]);
    expect(parseCurl("you can get it with the tool curl from there")).toEqual([]);
  });
});
