// The words for what goes wrong. Every problem the core can name has its sentence here, and a new one
// breaks the build until it has. Knows nothing of how it is shown.
import type { Algorithm, CommandFailure, Fix, Phase, Problem, Row, Verdict } from "./api.ts";
import { bytes, span } from "./format.ts";

type Code = Problem["code"];
type Of<C extends Code> = Extract<Problem, { code: C }>;

/** `what` happened, what became of the bytes that were here, what to do `next`. */
export type Words = { what: string; kept: string; next: string };

/** What becomes of the bytes: going on from them, or not. */
type Fate = "kept" | "useless";
type Entry<C extends Code> = {
  what: (problem: Of<C>) => string;
  fate: Fate;
  next: (problem: Of<C>) => string;
};

const later = (seconds: number | null): string =>
  seconds === null ? "Try again later." : `It asks to wait ${span(seconds)}.`;

const algorithmNames: Record<Algorithm, string> = {
  crc32c: "CRC-32C",
  md5: "MD5",
  "sha-1": "SHA-1",
  "sha-256": "SHA-256",
  "sha-512": "SHA-512",
};

/** What proved a finished file. */
export function verdictWords(verdict: Verdict): string {
  switch (verdict.by) {
    case "checksum":
      return `Its ${algorithmNames[verdict.algorithm]} is the one you gave`;
    case "server-digest":
      return `Its ${algorithmNames[verdict.algorithm]} is the one the server states in ${verdict.header}`;
    case "length":
      return "Its size is the one the server states; no digest was known";
    case "nothing":
      return "Only that the server ended it; neither size nor digest was known";
  }
}

const entries: { [C in Code]: Entry<C> } = {
  "invalid-link": {
    what: () => "This is not a link",
    fate: "kept",
    next: () => "Give it a complete link that begins with http:// or https://.",
  },
  "unsupported-scheme": {
    what: (p) => `Links that begin with ${p.scheme}: cannot be downloaded`,
    fate: "kept",
    next: () => "Give it an http or https link.",
  },
  "unknown-host": {
    what: (p) => `Nobody knows a server named ${p.host}`,
    fate: "kept",
    next: () => "Check the link's spelling and your connection.",
  },
  "connection-refused": {
    what: (p) => `${p.host} takes no connections`,
    fate: "kept",
    next: () => "The server may be down. Try again later, or use another link.",
  },
  unreachable: {
    what: (p) => `There is no way to ${p.host} from here`,
    fate: "kept",
    next: () => "Check your network, then try again.",
  },
  offline: {
    what: () => "There is no network",
    fate: "kept",
    next: () => "It goes on by itself when the network is back.",
  },
  "connect-timeout": {
    what: (p) => `${p.host} did not pick up in time`,
    fate: "kept",
    next: () => "Check your network, or try again later.",
  },
  "no-answer": {
    what: (p) => `${p.host} was reached but did not answer`,
    fate: "kept",
    next: () => "The server may be busy. Try again later.",
  },
  stalled: {
    what: (p) => `${p.host} stopped sending`,
    fate: "kept",
    next: () => "Try again: it goes on where it stopped.",
  },
  "connection-lost": {
    what: (p) => `The connection to ${p.host} broke`,
    fate: "kept",
    next: () => "Try again: it goes on where it stopped.",
  },
  "tls-failed": {
    what: (p) => `No secure connection to ${p.host} could be made`,
    fate: "kept",
    next: () => "Check your computer's clock and the link; the server's certificate may be wrong.",
  },
  "bad-response": {
    what: (p) => `${p.host} sent something that is not a web answer`,
    fate: "kept",
    next: () => "Try again, or use another link.",
  },
  "not-found": {
    what: (p) => `${p.host} has no such file (404)`,
    fate: "kept",
    next: () => "The link may be old or mistyped. Give it a new one.",
  },
  gone: {
    what: (p) => `${p.host} no longer has this file (410)`,
    fate: "kept",
    next: () => "Give it a link to another copy.",
  },
  unauthorized: {
    what: (p) => `${p.host} wants you to sign in (401)`,
    fate: "kept",
    next: () => "Get a fresh link while you are signed in there.",
  },
  forbidden: {
    what: (p) => `${p.host} does not let you have this file (403)`,
    fate: "kept",
    next: () => "The link may have expired. Get a fresh one.",
  },
  "rate-limited": {
    what: (p) => `${p.host} says there were too many requests (429)`,
    fate: "kept",
    next: (p) => later(p.retryAfter),
  },
  "server-error": {
    what: (p) => `${p.host} has a fault of its own (${p.status})`,
    fate: "kept",
    next: (p) => later(p.retryAfter),
  },
  "unexpected-status": {
    what: (p) => `${p.host} answered ${p.status} instead of the file`,
    fate: "kept",
    next: () => "Check the link, or give it a new one.",
  },
  "too-many-redirects": {
    what: (p) => `${p.host} sends the link round in circles`,
    fate: "kept",
    next: () => "Get a fresh link for the file.",
  },
  "unsafe-redirect": {
    what: (p) => `${p.host} passes a secure link on to ${p.scheme}:, which is not secure`,
    fate: "kept",
    next: () => "Get a link that stays with https.",
  },
  "range-mismatch": {
    what: (p) => `${p.host} sent another part of the file than asked for`,
    fate: "kept",
    next: () => "Try again, or use another link.",
  },
  encoded: {
    what: (p) => `${p.host} insists on packing the file (${p.encoding})`,
    fate: "kept",
    next: () => "Give it a link to another copy.",
  },
  "not-the-file": {
    what: (p) => `A web page came from ${p.host} where the file should be`,
    fate: "kept",
    next: () => "Your network may want you to sign in: open any web page, then try again.",
  },
  "proxy-refused": {
    what: (p) => `The proxy ${p.host} did not let you through`,
    fate: "kept",
    next: () => "Check the name and password for the proxy, then try again.",
  },
  "proxy-unreachable": {
    what: (p) => `The proxy ${p.host} made no connection`,
    fate: "kept",
    next: () => "Check the proxy's address and your network, then try again.",
  },
  changed: {
    what: (p) => `The file on ${p.host} is no longer the one that was begun`,
    fate: "useless",
    next: () => "Start over to get the new file.",
  },
  "disk-full": {
    what: (p) => `The disk with ${p.folder} is full`,
    fate: "kept",
    next: (p) =>
      p.needed === null
        ? "Free some space, then try again."
        : `Free ${bytes(p.needed)} or more, then try again.`,
  },
  "read-only": {
    what: (p) => `Nothing may be written to ${p.folder}`,
    fate: "kept",
    next: () => "Choose another folder.",
  },
  "folder-missing": {
    what: (p) => `The folder ${p.folder} is not there`,
    fate: "kept",
    next: () => "Plug in its disk and try again, or choose another folder.",
  },
  "file-too-large": {
    what: (p) => `The disk with ${p.folder} cannot hold a file this large`,
    fate: "kept",
    next: () => "Choose a folder on another disk.",
  },
  "partial-lost": {
    what: (p) => `The unfinished file ${p.path} was moved, changed or deleted`,
    fate: "useless",
    next: () => "Start over to get the file.",
  },
  "in-use": {
    what: (p) => `Another program is writing ${p.path}`,
    fate: "kept",
    next: () => "Close that program, then try again.",
  },
  "disk-failed": {
    what: (p) => `${p.path} could not be written: ${p.reason}`,
    fate: "kept",
    next: () => "Check the disk, or choose another folder.",
  },
  "checksum-mismatch": {
    what: (p) =>
      `The whole file came, but its ${algorithmNames[p.algorithm ?? "sha-256"]} is not the one that ` +
      (p.header === null ? "you gave" : `the server states in ${p.header}`),
    fate: "useless",
    next: (p) =>
      (p.kept === null ? "" : `The wrong file is kept as ${p.kept}. `) +
      (p.header === null ? "Start over, or check what you gave." : "Start over, or ask the server's people."),
  },
};

/** `received` bytes were here when it happened. */
export function wordsFor(problem: Problem, received: number): Words {
  // The record maps each code to an entry for exactly that code, which the compiler cannot follow here.
  const entry = entries[problem.code] as Entry<Code>;
  const kept =
    received === 0
      ? ""
      : entry.fate === "kept"
        ? `The ${bytes(received)} that came are kept.`
        : `The ${bytes(received)} that came cannot be used.`;
  return { what: entry.what(problem), kept, next: entry.next(problem) };
}

/** All in one paragraph. */
export function paragraph(words: Words): string {
  return [`${words.what}.`, words.kept, words.next].filter((part) => part !== "").join(" ");
}

export const fixLabels: Record<Fix, string> = {
  retry: "Try again",
  "new-link": "New link…",
  "free-space": "Try again",
  "other-folder": "Choose folder…",
  "start-over": "Start over",
};

export const phaseWords: Record<Phase, string> = {
  queued: "Queued",
  probing: "Connecting",
  running: "Downloading",
  stopping: "Stopping",
  waiting: "Waiting",
  finishing: "Finishing",
  paused: "Paused",
  failed: "Failed",
  done: "Done",
};

const refusals: Record<CommandFailure["code"], string> = {
  "unknown-download": "This download is no longer in the list.",
  "not-now": "This cannot be done at the moment. The download goes on as it was.",
  "bad-link": "The link cannot be used. Nothing was changed.",
  "bad-checksum": "The checksum cannot be read. Nothing was added.",
  "not-stored": "The list could not be saved to disk. Nothing was added.",
  stopped: "Millrace is shutting down. What was downloaded is kept.",
  "stale-session": "The window lost touch with the downloads; it is connecting again.",
  "too-many": "Too many requests at once. Try again in a moment.",
  "unknown-folder": "This folder is no longer known. Choose it again.",
  "bad-setting": "This value cannot be set. Nothing was changed.",
  "no-such-file": "The file is not where it was saved. It may have been moved or deleted.",
  system: "The system refused.",
};

/** Why a command was not carried out. */
export function refusal(failure: CommandFailure): string {
  if (failure.problem !== null) return paragraph(wordsFor(failure.problem, 0));
  if (failure.code === "system" && failure.message !== "") return `The system refused: ${failure.message}`;
  return refusals[failure.code];
}

/** When the next attempt of a waiting row starts. */
export function waitWords(row: Row, now: number): string {
  if (row.problem?.code === "offline") return "Waiting for the network";
  if (row.waitUntil === null) return "Trying again soon";
  const seconds = Math.ceil((row.waitUntil - now) / 1000);
  return seconds <= 0 ? "Trying again now" : `Trying again in ${span(seconds)}`;
}
