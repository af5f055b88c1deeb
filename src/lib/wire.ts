// Temporary shapes until gen/bindings.ts arrives.
export type Phase =
  "queued" | "probing" | "running" | "stopping" | "waiting" | "finishing" | "paused" | "failed" | "done";
export type Fix = "retry" | "new-link" | "free-space" | "other-folder" | "start-over";
export type Allows = { pause: boolean; resume: boolean; retry: boolean; open: boolean };
type AtHost<C extends string> = { code: C; host: string };
export type Problem =
  | { code: "invalid-link" }
  | { code: "unsupported-scheme"; scheme: string }
  | AtHost<"unknown-host">
  | AtHost<"connection-refused">
  | AtHost<"unreachable">
  | AtHost<"connect-timeout">
  | AtHost<"no-answer">
  | AtHost<"stalled">
  | AtHost<"connection-lost">
  | AtHost<"tls-failed">
  | AtHost<"bad-response">
  | AtHost<"not-found">
  | AtHost<"gone">
  | AtHost<"unauthorized">
  | AtHost<"forbidden">
  | { code: "rate-limited"; host: string; retryAfter: number | null }
  | { code: "server-error"; host: string; status: number; retryAfter: number | null }
  | { code: "unexpected-status"; host: string; status: number }
  | AtHost<"too-many-redirects">
  | { code: "unsafe-redirect"; host: string; scheme: string }
  | AtHost<"range-mismatch">
  | { code: "encoded"; host: string; encoding: string }
  | AtHost<"changed">
  | { code: "disk-full"; folder: string; needed: number | null }
  | { code: "read-only"; folder: string }
  | { code: "folder-missing"; folder: string }
  | { code: "file-too-large"; folder: string }
  | { code: "partial-lost"; path: string }
  | { code: "in-use"; path: string }
  | { code: "disk-failed"; path: string; reason: string }
  | { code: "checksum-mismatch"; expected: string; actual: string };
export type Level = "info" | "warn" | "error";
export type LogLine = { at: number; level: Level; text: string };
export type LogBatch = { dropped: number; lines: LogLine[] };
export type DownloadEvent =
  | {
      event: "started";
      data: { url: string; downloadId: number; contentLength: number | null; received: number; name: string };
    }
  | { event: "progress"; data: { downloadId: number; chunkLength: number } }
  | { event: "finished"; data: { downloadId: number } }
  | { event: "restarted"; data: { downloadId: number; received: number } }
  | { event: "renamed"; data: { downloadId: number; name: string } }
  | { event: "paused"; data: { downloadId: number } }
  | { event: "resumed"; data: { downloadId: number } }
  | { event: "retrying"; data: { downloadId: number; problem: Problem; wait: number } }
  | { event: "failed"; data: { downloadId: number; problem: Problem } }
  | { event: "removed"; data: { downloadId: number } };
export type Row = {
  id: number;
  rev: number;
  url: string;
  host: string;
  name: string;
  folder: string;
  phase: Phase;
  problem: Problem | null;
  fix: Fix | null;
  waitUntil: number | null;
  attempts: number;
  received: number;
  total: number | null;
  speed: number;
  eta: number | null;
  connections: number;
  resumable: boolean | null;
  addedAt: number;
  finishedAt: number | null;
  allows: Allows;
};
export type Totals = {
  speed: number;
  all: number;
  active: number;
  queued: number;
  paused: number;
  failed: number;
  done: number;
};
export type Page = { first: number; rows: Row[]; length: number; totals: Totals };
export type Frame = { seq: number; rows: Row[]; removed: number[]; totals: Totals; resync: boolean };
export type Folder = { id: string; label: string };
export type DownloadOptions = {
  folder: string | null;
  name: string | null;
  headers: [string, string][];
  sha256: string | null;
  connections: number | null;
  limit: number | null;
  paused: boolean;
};
export type FailureCode =
  | "unknown-download"
  | "not-now"
  | "bad-link"
  | "not-stored"
  | "stopped"
  | "stale-session"
  | "too-many"
  | "unknown-folder"
  | "no-such-file"
  | "system";
export type CommandFailure = { code: FailureCode; problem: Problem | null; message: string };
export type Activity = "focused" | "visible" | "hidden";
export type Leftover = "keep" | "trash";
