// What is known about the file of a finished download, or of one that was kept for its wrong checksum: the last verification on request, else how the download was
// verified. Values and their texts.
import type { Algorithm, Comparison, Row, Verification, VerificationProgress } from "./api.ts";
import { percent } from "./format.ts";
import { verdictText } from "./labels.ts";
import { algorithmNames } from "./problems.ts";
import { m } from "../paraglide/messages.js";

type Proof = {
  algorithm: Algorithm;
  /** Of the file, in hexadecimal; empty for a file that an earlier version has verified. */
  digest: string;
  /** False: the file does not have the digest that it should have. */
  matches: boolean;
  text: string;
};

/** Whether there is a file to verify: a finished one, or one that was kept for its wrong checksum. */
export const hasFileToVerify = ({ phase, problem }: Pick<Row, "phase" | "problem">): boolean =>
  phase === "done" || (phase === "failed" && problem?.code === "checksum-mismatch" && problem.kept !== null);

/** Undefined where no digest was compared. */
export function proofOf({ verification, verdict }: Row): Proof | undefined {
  if (verification !== null && verification.compared !== null) {
    const { algorithm, digest, compared } = verification;
    return { algorithm, digest, matches: compared.matches, text: comparedText(algorithm, compared) };
  }
  if (verdict?.by !== "checksum" && verdict?.by !== "server-digest") return undefined;
  const { algorithm, digest = "" } = verdict;
  return { algorithm, digest, matches: true, text: verdictText(verdict) };
}

function comparedText(code: Algorithm, { matches, proven, source }: Comparison): string {
  const algorithm = algorithmNames[code];
  if (!matches && proven) return m.verification_changed({ algorithm });
  switch (source.from) {
    case "given":
      return matches
        ? m.problems_verdict_checksum({ algorithm })
        : m.verification_differs_given({ algorithm });
    case "file":
      return matches
        ? m.verification_matches_file({ algorithm, ...source })
        : m.verification_differs_file({ algorithm, ...source });
    case "server":
      return matches
        ? m.problems_verdict_server_digest({ algorithm, ...source })
        : m.verification_differs_server({ algorithm, ...source });
  }
}

/** The result if it is a mismatch that the row leaves out: with a value of the user, or of a file that was kept. */
export function mismatchBeside({ verification }: Row, result: Verification): Verification | undefined {
  const { compared } = result;
  if (compared === null || compared.matches || compared.proven) return undefined;
  const stored = verification?.compared;
  return stored?.matches === false && stored.expected === compared.expected ? undefined : result;
}

/** What to do after a mismatch. */
export function mismatchNext({ proven, source }: Comparison): string {
  if (proven) return m.verification_changed_next();
  return source.from === "given" ? m.verification_differs_given_next() : m.verification_differs_file_next();
}

/** The result of a verification in words. */
export function verificationText({ algorithm, compared }: Verification): string {
  return compared === null
    ? m.verification_computed({ algorithm: algorithmNames[algorithm] })
    : comparedText(algorithm, compared);
}

/** How far a verification is. */
export function verifyingText({ read, total }: VerificationProgress): string {
  return total === 0 ? m.verification_waiting() : m.verification_running({ percent: percent(read, total) });
}
