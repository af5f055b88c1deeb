// The fake core's verification of files: every file has one digest, and a checksum file beside its link says the same.
// Never part of the build.
import type { Comparison, DigestSource, IpcError, Verification, VerifyOutcome } from "../lib/api.ts";
import type { FakeCore } from "./core.ts";

/** SHA-256 of every file. */
export const fileDigest = "ab".repeat(32);

/** The digest that the file of the download has had. */
function knownOf(core: FakeCore, id: number): Omit<Comparison, "matches"> | undefined {
  const { verdict, verification } = core.rows.get(id) ?? {};
  const last = verification?.compared;
  if (last?.matches === true) return { expected: last.expected, source: last.source, proven: true };
  if (verdict?.by === "checksum") {
    return { expected: verdict.digest ?? "", source: { from: "given" }, proven: true };
  }
  if (verdict?.by !== "server-digest") return undefined;
  const source = { from: "server", header: verdict.header } as const;
  return { expected: verdict.digest ?? "", source, proven: true };
}

/** Answers the commands; a test may hold or replace them. */
export function answerVerifications(core: FakeCore): void {
  const compare = (id: number, expected: string, source: DigestSource, proven: boolean): VerifyOutcome => {
    const compared = { expected, source, proven, matches: expected === fileDigest };
    const verification: Verification = { at: Date.now(), algorithm: "sha-256", digest: fileDigest, compared };
    const row = core.rows.get(id);
    if (row?.phase === "failed") {
      // A file that was kept: the right checksum finishes its download.
      const verdict = { by: "checksum", algorithm: "sha-256", digest: expected } as const;
      const done = { phase: "done", problem: null, fix: null, finishedAt: Date.now(), verdict } as const;
      if (compared.matches) core.change(id, { ...done, verification });
      return { outcome: "verified", verification };
    }
    const known = knownOf(core, id);
    if (source.from === "given" && !compared.matches && !proven && known !== undefined) {
      // Says nothing against the file: that has the known digest, or another one.
      const instead = { ...known, matches: known.expected === fileDigest };
      core.change(id, { verification: { ...verification, compared: instead } });
    } else {
      core.change(id, { verification });
    }
    return { outcome: "verified", verification };
  };
  core.answers.set("verify_file", (args) => {
    const id = args["id"] as number;
    const given = args["checksum"] as string | null;
    if (given !== null) {
      const [digits = ""] = given.trim().toLowerCase().replace("sha256:", "").split(" ");
      if (!/^[\da-f]{64}$/.test(digits)) {
        const refused: IpcError = { code: "bad-checksum", problem: null, message: "no checksum" };
        // Commands are rejected with a wire value, not with an Error.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        return Promise.reject(refused);
      }
      return compare(id, digits, { from: "given" }, false);
    }
    const problem = core.rows.get(id)?.problem;
    if (problem?.code === "checksum-mismatch") {
      const { expected, header } = problem;
      return compare(id, expected, header === null ? { from: "given" } : { from: "server", header }, false);
    }
    const known = knownOf(core, id);
    if (known !== undefined) return compare(id, known.expected, known.source, true);
    const computed: Verification = {
      at: Date.now(),
      algorithm: "sha-256",
      digest: fileDigest,
      compared: null,
    };
    return { outcome: "verified", verification: computed };
  });
  core.answers.set("find_checksum", (args) => {
    const id = args["id"] as number;
    const host = core.rows.get(id)?.host ?? "";
    return compare(id, fileDigest, { from: "file", host, name: "SHA256SUMS" }, false);
  });
  core.answers.set("cancel_verification", (args) => {
    core.change(args["id"] as number, { verifying: null });
    return null;
  });
}
