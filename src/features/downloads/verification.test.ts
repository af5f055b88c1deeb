// The verification of finished files: the card in the details, the menu, and what the table says, over the fake core.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Row, VerifyOutcome } from "../../lib/api.ts";
import { proofOf } from "../../lib/proof.ts";
import type { FakeCore } from "../../test/core.ts";
import { makeRow } from "../../test/values.ts";
import { answerVerifications, fileDigest } from "../../test/verifications.ts";
import { asked, find, forgetSettings, get, open, press, textOf } from "../../test/window.ts";

let core: FakeCore;

beforeEach(() => {
  forgetSettings();
  sessionStorage.clear();
});
afterEach(() => {
  Reflect.deleteProperty(navigator, "clipboard");
});

/** The details of the finished download 1. */
async function details(over: Partial<Row> = {}): Promise<void> {
  localStorage.setItem("millrace.details", "true");
  localStorage.setItem("millrace.open", "1");
  core = await open([1, { phase: "done", verdict: { by: "length" }, ...over }]);
  answerVerifications(core);
  await waitFor(() => expect(get("verification")).toBeTruthy());
}

async function write(id: string, text: string): Promise<void> {
  await fireEvent.input(get(id), { target: { value: text } });
}

describe("the card", () => {
  it("verifies a file again by the digest of its download, and says what proved it", async () => {
    await details({ verdict: { by: "checksum", algorithm: "sha-256", digest: fileDigest } });
    expect(textOf("verdict")).toContain("SHA-256 matches your checksum");
    expect(textOf("digest")).toBe(fileDigest);
    await press("verify");
    expect(asked(core, "verify_file")).toEqual([{ id: 1, checksum: null }]);
    core.tick();
    await waitFor(() => expect(textOf("toast")).toContain("SHA-256 matches your checksum"));
    expect(textOf("verify")).toContain("Verify again");
  });

  it("says clearly that the file on the disk is another one, and what to do", async () => {
    await details({
      verdict: { by: "server-digest", header: "Digest", algorithm: "sha-256", digest: "0".repeat(64) },
    });
    await press("verify");
    core.tick();
    await waitFor(() => expect(textOf("verdict")).toContain("is not the one that was downloaded"));
    expect(textOf("verification")).toContain("Download it again, or keep it");
    expect(textOf("digest-expected")).toBe("0".repeat(64));
    expect(textOf("digest")).toBe(fileDigest);
  });

  it("shows the computed digest where nothing is known to compare with", async () => {
    await details();
    expect(find("digest")).toBeNull();
    await press("verify");
    await waitFor(() => expect(textOf("digest")).toBe(fileDigest));
    expect(textOf("verification-said")).toContain("nothing to compare");
    expect(textOf("verdict")).toContain("Size matches");
  });

  it("compares with a pasted checksum, and says at the field what is none", async () => {
    await details();
    await write("compare-checksum", "abc");
    await press("compare-do");
    await waitFor(() => expect(get("compare-checksum").getAttribute("aria-invalid")).toBe("true"));
    await write("compare-checksum", "");
    await press("compare-do");
    await waitFor(() => expect(textOf("field-error")).toContain("Enter a checksum"));
    await write("compare-checksum", `${fileDigest.toUpperCase()}  a.zip`);
    expect(get("compare-checksum").getAttribute("aria-invalid")).toBe("false");
    await press("compare-do");
    core.tick();
    await waitFor(() => expect(textOf("verdict")).toContain("SHA-256 matches your checksum"));
    await waitFor(() => expect((get("compare-checksum") as HTMLInputElement).value).toBe(""));
  });

  it("tells a pasted checksum that does not match, and keeps what has proven the file", async () => {
    await details();
    const wrong = "1".repeat(64);
    const compareWrong = async (): Promise<void> => {
      await write("compare-checksum", wrong);
      await press("compare-do");
    };
    // Nothing is known that speaks for the file.
    await compareWrong();
    await waitFor(() => {
      core.tick();
      expect(textOf("verdict")).toContain("doesn’t match the value you entered");
      expect(find("compared")).toBeNull();
    });
    await press("find-checksum");
    await waitFor(() => {
      core.tick();
      expect(textOf("verdict")).toContain("matches SHA256SUMS");
    });
    expect(find("digest-expected")).toBeNull();
    await compareWrong();
    await waitFor(() => expect(textOf("compared")).toContain("doesn’t match the value you entered"));
    expect(textOf("verification")).toContain("Check the value, or download the file again.");
    expect(textOf("digest-expected")).toBe(wrong);
    expect(textOf("digest")).toBe(fileDigest);
    expect(textOf("verdict")).toContain("matches SHA256SUMS");
    const row = core.rows.get(1);
    expect(row && proofOf(row)?.matches).toBe(true);
    // Another file, downloaded since, was not compared.
    const finishedAt = core.rows.get(1)?.finishedAt ?? null;
    core.change(1, { finishedAt: Date.now() + 60_000 });
    await waitFor(() => {
      core.tick();
      expect(find("compared")).toBeNull();
    });
    core.change(1, { finishedAt });
    await waitFor(() => {
      core.tick();
      expect(find("compared")).toBeTruthy();
    });
    await press("verify");
    await waitFor(() => expect(find("compared")).toBeNull());
    expect(textOf("verdict")).toContain("matches SHA256SUMS");
  });

  it("finds a checksum beside the link and names its place, or says that there is none", async () => {
    await details({ host: "files.example.org" });
    await press("find-checksum");
    core.tick();
    await waitFor(() =>
      expect(textOf("verdict")).toContain("SHA-256 matches SHA256SUMS at files.example.org"),
    );
    core.answers.set("find_checksum", (): VerifyOutcome => ({ outcome: "nothing-found" }));
    await press("find-checksum");
    await waitFor(() => expect(textOf("verification-said")).toContain("No checksum found beside the link"));
  });

  it("shows how far it is, and ends it", async () => {
    await details();
    core.change(1, { verifying: { read: 250_000, total: 1_000_000 } });
    core.tick();
    await waitFor(() => expect(get("verifying")).toBeTruthy());
    expect(textOf("verifying")).toContain("Verifying, 25%");
    expect(find("verify")).toBeNull();
    expect(get("find-checksum").getAttribute("aria-disabled")).toBe("true");
    await press("find-checksum");
    expect(asked(core, "find_checksum")).toEqual([]);
    await press("verify-cancel");
    expect(asked(core, "cancel_verification")).toEqual([{ id: 1 }]);
    await waitFor(() => {
      core.tick();
      expect(get("verify")).toBeTruthy();
    });
  });

  it("compares a file that was kept for its wrong checksum, and finishes its download with the right one", async () => {
    const problem = {
      code: "checksum-mismatch",
      algorithm: "sha-256",
      expected: "2".repeat(64),
      actual: fileDigest,
      header: "Repr-Digest",
      kept: "/f/1.zip.mismatch",
    } as const;
    await details({ phase: "failed", verdict: null, problem, fix: "start-over" });
    expect(textOf("details")).toContain("Compare it with another checksum in the details, or restart.");
    await press("verify");
    await waitFor(() =>
      expect(textOf("compared")).toContain("SHA-256 doesn’t match the server’s (Repr-Digest)"),
    );
    expect(textOf("verification")).toContain("Download the file again, or contact the site.");
    await write("compare-checksum", fileDigest);
    await press("compare-do");
    await waitFor(() => {
      core.tick();
      expect(textOf("verdict")).toContain("SHA-256 matches your checksum");
    });
    expect(find("compared")).toBeNull();
    expect(core.rows.get(1)?.phase).toBe("done");
  });

  it("says why a file cannot be read, and that it stays", async () => {
    await details();
    const problem = { code: "disk-failed" as const, path: "/f/a.zip", reason: "denied" };
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    core.answers.set("verify_file", () => Promise.reject({ code: "not-verified", problem, message: "" }));
    await press("verify");
    await waitFor(() => expect(textOf("toast")).toContain("Can’t read /f/a.zip: denied."));
    expect(textOf("toast")).toContain("left as it is");
  });
});

describe("what is known of a file", () => {
  const verdict = { by: "checksum", algorithm: "sha-1", digest: "11" } as const;
  const compared = { expected: "22", source: { from: "given" }, proven: false, matches: false } as const;
  const verification = { at: 1, algorithm: "sha-256", digest: "33", compared } as const;

  it("is the last verification, else how the download was verified", () => {
    expect(proofOf(makeRow(1, { phase: "done", verdict: { by: "length" } }))).toBeUndefined();
    expect(proofOf(makeRow(1, { phase: "done", verdict }))).toMatchObject({
      algorithm: "sha-1",
      matches: true,
    });
    const both = makeRow(1, { phase: "done", verdict, verification });
    expect(proofOf(both)).toMatchObject({ algorithm: "sha-256", digest: "33", matches: false });
  });
});
