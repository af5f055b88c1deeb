// Rows, settings and probe results for tests and for viewing the window without the app. Never part of the build.
import type {
  ActiveSegment,
  AllowedActions,
  Folder,
  ProbeResult,
  Phase,
  PhaseGroup,
  Problem,
  Properties,
  Row,
  Settings,
} from "../lib/api.ts";
import { hasFileToVerify } from "../lib/proof.ts";

export function allowsOf(phase: Phase, verifying = false, problem: Problem | null = null): AllowedActions {
  const busy = phase === "queued" || phase === "probing" || phase === "running" || phase === "waiting";
  const idle = phase === "queued" || phase === "waiting" || phase === "paused" || phase === "failed";
  return {
    pause: busy,
    resume: phase === "paused",
    retry: phase === "failed" || phase === "waiting",
    open: phase === "done",
    changeLink: idle,
    changeFolder: idle,
    setOptions: phase !== "done",
    relocate: true,
    locate: phase === "done",
    downloadAgain: phase === "done",
    verify: hasFileToVerify({ phase, problem }) && !verifying,
    setRequest: idle || phase === "probing" || phase === "running",
    setStart: busy || phase === "paused",
    setName: phase === "queued",
  };
}

const groups: Partial<Record<Phase, PhaseGroup>> = {
  queued: "queued",
  paused: "paused",
  failed: "failed",
  done: "done",
};
/** As the engine groups the phases. */
export const groupOf = (phase: Phase): PhaseGroup => groups[phase] ?? "active";

export function makeRow(id: number, over: Partial<Row> = {}): Row {
  const phase = over.phase ?? "running";
  return {
    id,
    rev: 1,
    counted: 1,
    url: `https://files.example.org/${id}.zip`,
    host: "files.example.org",
    name: `${id}.zip`,
    folder: "~/Downloads",
    phase,
    group: groupOf(phase),
    problem: null,
    fix: null,
    waitUntil: null,
    attempts: 0,
    received: 0,
    total: 1_000_000,
    speed: 0,
    eta: null,
    connections: phase === "running" ? 1 : 0,
    limitedBy: null,
    resumable: true,
    addedAt: 1_790_000_000_000 + id,
    finishedAt: null,
    verdict: null,
    allows: allowsOf(phase, false, over.problem),
    category: "file",
    priority: "normal",
    limit: null,
    maxConnections: null,
    place: null,
    startAt: null,
    waitsFor: null,
    unmeteredOnly: false,
    relocation: null,
    verification: null,
    verifying: null,
    tags: [],
    ...over,
  };
}

/** A connection that receives `from..to`, at `at` now. */
export function makeActive(
  from: number,
  at: number,
  to: number,
  over: Partial<ActiveSegment> = {},
): ActiveSegment {
  const remote = "203.0.113.7:443";
  return { from, at, to, speed: 100_000, state: "receiving", remote, http: "HTTP/1.1", ...over };
}

export const downloads: Folder = { id: "default", label: "~/Downloads" };

export function makeSettings(over: Partial<Settings> = {}): Settings {
  return {
    folder: downloads,
    categories: [],
    parallel: 4,
    perHost: null,
    connections: 16,
    limit: null,
    slow: false,
    slowLimit: 256_000,
    proxy: { kind: "system" },
    notifyFinished: true,
    notifyFailed: true,
    theme: "system",
    language: null,
    startWithSystem: false,
    closeToTray: false,
    keepAwake: true,
    markDownloads: true,
    network: {
      unmeteredOnly: false,
      pauseOnRoaming: false,
      pauseOnLowBattery: false,
      onlyWhenCharging: false,
    },
    history: true,
    welcomed: true,
    watchClipboard: false,
    ...over,
  };
}

export function makeLook(url: string, over: Partial<ProbeResult> = {}): ProbeResult {
  return {
    url,
    host: new URL(url).host,
    name: url.split("/").at(-1) ?? "file",
    total: 1_000_000,
    resumable: true,
    category: "file",
    connections: 16,
    folder: downloads,
    free: 212_000_000_000,
    rule: null,
    ...over,
  };
}

/** What can be changed of this row. */
export function makeProperties(row: Row): Properties {
  return {
    id: row.id,
    name: null,
    limit: row.limit,
    connections: row.maxConnections,
    priority: row.priority,
    startAt: row.startAt,
    unmeteredOnly: row.unmeteredOnly,
    headers: [],
    user: null,
    password: "",
    proxy: null,
    checksum: null,
  };
}
