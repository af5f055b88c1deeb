// The fake core's verification of files: every file has one digest, and a checksum file beside its link says the same.
// Never part of the build.
import type { DigestSource, IpcError, Verification, VerifyOutcome } from "../lib/api.ts";
import type { FakeCore } from "./core.ts";

/** SHA-256 of every file. */
export const fileDigest = "ab".repeat(32);

/** Answers the commands; a test may hold or replace them. */
export function answerVerifications(core: FakeCore): void {
  const compare = (id: number, expected: string, source: DigestSource, proven: boolean): VerifyOutcome => {
    const compared = { expected, source, proven, matches: expected === fileDigest };
    const verification: Verification = { at: Date.now(), algorithm: "sha-256", digest: fileDigest, compared };
    core.change(id, { verification });
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
    const { verdict, verification } = core.rows.get(id) ?? {};
    const last = verification?.compared;
    if (last?.matches === true) return compare(id, last.expected, last.source, true);
    if (verdict?.by === "checksum") return compare(id, verdict.digest ?? "", { from: "given" }, true);
    if (verdict?.by === "server-digest") {
      return compare(id, verdict.digest ?? "", { from: "server", header: verdict.header }, true);
    }
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
