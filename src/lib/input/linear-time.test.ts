import { expect, it } from "vitest";
import { looksLikeLink, prefillText, parseInput } from "./parse-input.ts";

const signs =
  ") ( ] [ . , - a 。 ） ' \" ` \\ ^ | ; # & $ * _ ~ / : ? % = ( ) . \n \t &amp; http:// https://".split(" ");
const pieces = ["(http://a)", "[x](http://a)", "http://a ", "http://a/)", "[0-9]", "[a-", "a.", "-.", ")."];
const commands = ["curl ", "curl -H ", "curl http://a ", "curl 'a\\\n", 'curl "\\'];
const leads = ["see (http://a/", "see http://a/(", "curl http://a/"];

/** Milliseconds of the processor, which other programs do not lengthen, that parsing a text of about `length` characters takes in all its forms. */
function time(lead: string, piece: string, length: number): number {
  const text = lead + piece.repeat(Math.ceil(length / piece.length));
  const begun = process.cpuUsage();
  for (const literal of [false, true]) parseInput(text, literal);
  looksLikeLink(text);
  prefillText(text);
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

it.each([...signs, ...pieces, ...commands].flatMap((piece) => leads.map((lead) => [lead, piece] as const)))(
  "a text of %j and then only %j is read in proportion to its length",
  (lead, piece) => {
    // A quadratic parser takes 64 times as long for eight times the length, a linear one about 8 times. The floor keeps
    // what little runs beside it, as collecting garbage, from counting.
    const short = time(lead, piece, 8_000);
    expect(time(lead, piece, 64_000)).toBeLessThan(32 * Math.max(short, 10));
  },
  60_000,
);
