// The order of names equals the collator's, whatever the names are.
import { expect, it } from "vitest";
import { nameOrder } from "./name-order.ts";

/** A seeded generator, so that a failure can be reproduced. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const pieces = [
  ...Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)),
  ...[
    "0",
    "00",
    "007",
    "12",
    "0012",
    "9".repeat(30),
    "part",
    "PART",
    "Part-",
    ".tar.zst",
    "cs",
    "ch",
    "ij",
    "aa",
  ],
  ...["\u0301", "é", "ß", "ss", "第", "集", "１", "\t", "\u0007", "ı", "😀"],
];

function name(random: (below: number) => number): string {
  const many = random(6);
  return Array.from({ length: many }, () => pieces[random(pieces.length)]).join("");
}

it.each(["en", "de", "zh", "es", "fr", "it", "ja", "ko", "nl", "pt", "ru", "hu", "cs", "da"])(
  "names are ordered as the collator of %s orders them",
  (language) => {
    const collator = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
    const compare = nameOrder(language);
    const random = numbers(7);
    for (let round = 0; round < 10_000; round += 1) {
      const shared = name(random);
      const [a, b] = [shared + name(random), shared + name(random)];
      const [is, should] = [Math.sign(compare(a, b)), Math.sign(collator.compare(a, b))];
      if (is !== should) expect({ a, b, is }).toEqual({ a, b, is: should });
    }
  },
);

it("numbers are ordered by their value, and case does not count", () => {
  const compare = nameOrder("en");
  const sorted = ["Part 10.zip", "part 9.zip", "part 09b.zip", "PART 1.zip"].toSorted(compare);
  expect(sorted).toEqual(["PART 1.zip", "part 9.zip", "part 09b.zip", "Part 10.zip"]);
  expect(compare("Readme.TXT", "readme.txt")).toBe(0);
  expect(compare("file-007", "FILE-7")).toBe(0);
});
