// The texts of all problems. Every problem code of the core has its text here; a new code without one does not compile.
// Does not depend on how they are shown.
import { m } from "../paraglide/messages.js";
import type { Algorithm, Problem } from "./api.ts";
import { bytes, span } from "./format.ts";

type Code = Problem["code"];
type Of<C extends Code> = Extract<Problem, { code: C }>;

/** `what` happened, what became of the received bytes, what to do `next`. */
export type ProblemText = { what: string; kept: string; next: string };

/** Whether the download can continue from the received bytes. */
type Fate = "kept" | "useless";
type Entry<C extends Code> = {
  what: (problem: Of<C>) => string;
  fate: Fate;
  next: (problem: Of<C>) => string;
};

const later = (seconds: number | null): string =>
  seconds === null ? m.problems_later_next() : m.problems_asks_to_wait_next({ span: span(seconds) });

export const algorithmNames: Record<Algorithm, string> = {
  crc32: "CRC-32",
  crc32c: "CRC-32C",
  crc64nvme: "CRC-64/NVME",
  md5: "MD5",
  "sha-1": "SHA-1",
  "sha-256": "SHA-256",
  "sha-512": "SHA-512",
};

const entries: { [C in Code]: Entry<C> } = {
  "invalid-link": {
    what: () => m.problems_invalid_link_what(),
    fate: "kept",
    next: () => m.problems_invalid_link_next(),
  },
  "unsupported-scheme": {
    what: ({ scheme }) => m.problems_unsupported_scheme_what({ scheme }),
    fate: "kept",
    next: () => m.problems_unsupported_scheme_next(),
  },
  "unknown-host": {
    what: ({ host }) => m.problems_unknown_host_what({ host }),
    fate: "kept",
    next: () => m.problems_unknown_host_next(),
  },
  "connection-refused": {
    what: ({ host }) => m.problems_connection_refused_what({ host }),
    fate: "kept",
    next: () => m.problems_connection_refused_next(),
  },
  unreachable: {
    what: ({ host }) => m.problems_unreachable_what({ host }),
    fate: "kept",
    next: () => m.problems_unreachable_next(),
  },
  offline: {
    what: () => m.problems_offline_what(),
    fate: "kept",
    next: () => m.problems_offline_next(),
  },
  "local-network": {
    what: ({ host }) => m.problems_local_network_what({ host }),
    fate: "kept",
    next: () => m.problems_local_network_next(),
  },
  "connect-timeout": {
    what: ({ host }) => m.problems_connect_timeout_what({ host }),
    fate: "kept",
    next: () => m.problems_connect_timeout_next(),
  },
  "no-answer": {
    what: ({ host }) => m.problems_no_answer_what({ host }),
    fate: "kept",
    next: () => m.problems_no_answer_next(),
  },
  stalled: {
    what: ({ host }) => m.problems_stalled_what({ host }),
    fate: "kept",
    next: () => m.problems_goes_on_next(),
  },
  "connection-lost": {
    what: ({ host }) => m.problems_connection_lost_what({ host }),
    fate: "kept",
    next: () => m.problems_goes_on_next(),
  },
  "tls-failed": {
    what: ({ host }) => m.problems_tls_failed_what({ host }),
    fate: "kept",
    next: () => m.problems_tls_failed_next(),
  },
  "bad-response": {
    what: ({ host }) => m.problems_bad_response_what({ host }),
    fate: "kept",
    next: () => m.problems_again_or_other_link_next(),
  },
  "not-found": {
    what: ({ host }) => m.problems_not_found_what({ host }),
    fate: "kept",
    next: () => m.problems_not_found_next(),
  },
  gone: {
    what: ({ host }) => m.problems_gone_what({ host }),
    fate: "kept",
    next: () => m.problems_other_copy_next(),
  },
  unauthorized: {
    what: ({ host }) => m.problems_unauthorized_what({ host }),
    fate: "kept",
    next: () => m.problems_unauthorized_next(),
  },
  forbidden: {
    what: ({ host }) => m.problems_forbidden_what({ host }),
    fate: "kept",
    next: () => m.problems_forbidden_next(),
  },
  "rate-limited": {
    what: ({ host }) => m.problems_rate_limited_what({ host }),
    fate: "kept",
    next: (p) => later(p.retryAfter),
  },
  "server-error": {
    what: ({ host, status }) => m.problems_server_error_what({ host, status }),
    fate: "kept",
    next: (p) => later(p.retryAfter),
  },
  "unexpected-status": {
    what: ({ host, status }) => m.problems_unexpected_status_what({ host, status }),
    fate: "kept",
    next: () => m.problems_unexpected_status_next(),
  },
  "too-many-redirects": {
    what: ({ host }) => m.problems_too_many_redirects_what({ host }),
    fate: "kept",
    next: () => m.problems_too_many_redirects_next(),
  },
  "unsafe-redirect": {
    what: ({ host, scheme }) => m.problems_unsafe_redirect_what({ host, scheme }),
    fate: "kept",
    next: () => m.problems_unsafe_redirect_next(),
  },
  "range-mismatch": {
    what: ({ host }) => m.problems_range_mismatch_what({ host }),
    fate: "kept",
    next: () => m.problems_again_or_other_link_next(),
  },
  encoded: {
    what: ({ host, encoding }) => m.problems_encoded_what({ host, encoding }),
    fate: "kept",
    next: () => m.problems_other_copy_next(),
  },
  "not-the-file": {
    what: ({ host }) => m.problems_not_the_file_what({ host }),
    fate: "kept",
    next: () => m.problems_not_the_file_next(),
  },
  "proxy-refused": {
    what: ({ host }) => m.problems_proxy_refused_what({ host }),
    fate: "kept",
    next: () => m.problems_proxy_refused_next(),
  },
  "proxy-unreachable": {
    what: ({ host }) => m.problems_proxy_unreachable_what({ host }),
    fate: "kept",
    next: () => m.problems_proxy_unreachable_next(),
  },
  changed: {
    what: ({ host }) => m.problems_changed_what({ host }),
    fate: "useless",
    next: () => m.problems_changed_next(),
  },
  "disk-full": {
    what: ({ folder }) => m.problems_disk_full_what({ folder }),
    fate: "kept",
    next: (p) =>
      p.needed === null
        ? m.problems_disk_full_next()
        : m.problems_disk_full_needed_next({ size: bytes(p.needed) }),
  },
  "read-only": {
    what: ({ folder }) => m.problems_read_only_what({ folder }),
    fate: "kept",
    next: () => m.problems_read_only_next(),
  },
  "folder-missing": {
    what: ({ folder }) => m.problems_folder_missing_what({ folder }),
    fate: "kept",
    next: () => m.problems_folder_missing_next(),
  },
  "file-too-large": {
    what: ({ folder }) => m.problems_file_too_large_what({ folder }),
    fate: "kept",
    next: () => m.problems_file_too_large_next(),
  },
  "partial-lost": {
    what: ({ path }) => m.problems_partial_lost_what({ path }),
    fate: "useless",
    next: () => m.problems_partial_lost_next(),
  },
  "file-exists": {
    what: ({ path }) => m.problems_file_exists_what({ path }),
    fate: "kept",
    next: () => m.problems_file_exists_next(),
  },
  "in-use": {
    what: ({ path, holder }) =>
      holder === null ? m.problems_in_use_what({ path }) : m.problems_in_use_by({ path, holder }),
    fate: "kept",
    next: () => m.problems_in_use_next(),
  },
  "disk-silent": {
    what: ({ folder }) => m.problems_disk_silent_what({ folder }),
    fate: "kept",
    next: () => m.problems_disk_silent_next(),
  },
  "disk-failed": {
    what: ({ path, reason }) => m.problems_disk_failed_what({ path, reason }),
    fate: "kept",
    next: () => m.problems_disk_failed_next(),
  },
  "checksum-mismatch": {
    what: ({ algorithm: known, header }) => {
      const algorithm = algorithmNames[known ?? "sha-256"];
      return header === null
        ? m.problems_checksum_given_what({ algorithm })
        : m.problems_checksum_stated_what({ algorithm, header });
    },
    fate: "useless",
    next: ({ kept, header }) => {
      if (kept === null) {
        return header === null ? m.problems_checksum_given_next() : m.problems_checksum_stated_next();
      }
      return `${m.problems_checksum_kept_next({ path: kept })} ${m.problems_checksum_compare_next()}`;
    },
  },
};

/** `received`: number of bytes received when it happened. */
export function problemText(problem: Problem, received: number): ProblemText {
  // The record maps each code to an entry for exactly that code, which the compiler cannot infer here.
  const entry = entries[problem.code] as Entry<Code>;
  const size = bytes(received);
  const kept =
    received === 0
      ? ""
      : entry.fate === "kept"
        ? m.problems_bytes_kept({ size })
        : m.problems_bytes_useless({ size });
  return { what: entry.what(problem), kept, next: entry.next(problem) };
}

/** Adds the full stop of the window's language. */
export const sentence = (text: string): string => m.common_sentence({ text });

/** What happened and what was kept, as two sentences. */
export function reasonOf(words: ProblemText): string {
  return words.kept === "" ? sentence(words.what) : `${sentence(words.what)} ${words.kept}`;
}

/** All parts as one paragraph. */
export function paragraph(words: ProblemText): string {
  return `${reasonOf(words)} ${words.next}`;
}
