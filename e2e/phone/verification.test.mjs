// The verification of a finished file on a phone, by touch alone, over the fake core.
import assert from "node:assert/strict";
import { colourScript, coloursHold } from "./rig/colours.mjs";
import { flow } from "./rig/flow.mjs";
import { looksRight } from "./rig/layout-checks.mjs";
import { bars, byTestId, inChromium, rowOf } from "./rig/phone.mjs";
import { eventually } from "./rig/page.mjs";

inChromium();

const song = {
  name: "song.flac",
  phase: "done",
  total: 9_000_000,
  received: 9_000_000,
  finishedAt: 1,
  verdict: { by: "length" },
};

const options = { given: { rows: [song] }, scripts: [await colourScript()] };

const says = (page, id, words) =>
  eventually(`${id} says ${words}`, () =>
    page.run(
      (css, text) => (document.querySelector(css)?.textContent ?? "").includes(text),
      byTestId(id),
      words,
    ),
  );

flow(
  "a file is verified in the drawer, and compared with what stands beside its link",
  options,
  async (phone, page) => {
    await page.tap(`${rowOf(1)} .name`);
    await page.find(byTestId("verification"));
    await page.tap(byTestId("verify"));
    assert.deepEqual(await phone.untilAsked("verify_file"), { id: 1, checksum: null });
    await says(page, "verification-said", "nothing to compare");
    await page.run(() => window.core.change(1, { verifying: { read: 3_000_000, total: 9_000_000 } }));
    await says(page, "verifying", "33%");
    await looksRight(phone, "the verification under way", { insets: bars });
    await page.tap(byTestId("verify-cancel"));
    await phone.untilAsked("cancel_verification");
    await page.gone(byTestId("verifying"));
    await page.tap(byTestId("find-checksum"));
    await phone.untilAsked("find_checksum");
    await says(page, "verdict", "matches SHA256SUMS");
    await looksRight(phone, "the verified file", { insets: bars });
    await coloursHold(phone, "the verified file");
  },
);

const kept = {
  name: "image.iso",
  phase: "failed",
  total: 9_000_000,
  received: 9_000_000,
  fix: "start-over",
  problem: {
    code: "checksum-mismatch",
    algorithm: "sha-256",
    expected: "0".repeat(64),
    actual: "ab".repeat(32),
    header: null,
    kept: "/storage/Download/image.iso.mismatch",
  },
};

/** Replaces the text of the checksum's field, and compares. */
async function compare(page, text) {
  await page.run(
    (css, checksum) => {
      const field = document.querySelector(css);
      field.value = checksum;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    },
    byTestId("compare-checksum"),
    text,
  );
  await page.tap(byTestId("compare-do"));
}

flow(
  "a kept file is compared with other checksums, and the right one finishes its download",
  { given: { rows: [kept] }, scripts: options.scripts },
  async (phone, page) => {
    await page.tap(`${rowOf(1)} .name`);
    await page.find(byTestId("verification"));
    await page.tap(byTestId("verify"));
    await says(page, "compared", "doesn’t match the value you entered");
    await looksRight(phone, "the kept file", { insets: bars });
    await coloursHold(phone, "the kept file");
    await compare(page, "ab".repeat(32));
    await says(page, "verdict", "SHA-256 matches your checksum");
    // A mistyped one is told, and the proof stays.
    await compare(page, "1".repeat(64));
    await says(page, "compared", "doesn’t match the value you entered");
    await says(page, "verdict", "SHA-256 matches your checksum");
    await looksRight(phone, "a mistyped checksum beside the proof", { insets: bars });
  },
);
