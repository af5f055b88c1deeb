// Labels of phases, filters, categories, sort orders and priorities, and the error texts of refused commands. All are
// functions, because the language may change while the window is open. Problem texts are in problems.ts.
import { m } from "../paraglide/messages.js";
import type {
  Category,
  IpcError,
  Fix,
  LimitedBy,
  Phase,
  Priority,
  Row,
  Verdict,
  UnmetConstraint,
} from "./api.ts";
import type { ColumnId } from "./columns.ts";
import type { DayGroup } from "./day-groups.ts";
import { span, speed } from "./format.ts";
import { uiLanguage } from "./language.svelte.ts";
import { algorithmNames, paragraph, type ProblemText, problemText, reasonOf, sentence } from "./problems.ts";
import type { Filter } from "./filters.ts";
import type { Sort } from "./sort-orders.ts";

export const phaseLabels: Record<Phase, () => string> = {
  queued: m.window_phase_queued,
  probing: m.window_phase_probing,
  running: m.window_phase_running,
  stopping: m.window_phase_stopping,
  waiting: m.window_phase_waiting,
  finishing: m.window_phase_finishing,
  paused: m.window_phase_paused,
  failed: m.window_phase_failed,
  done: m.window_phase_done,
};

export const filterLabels: Record<Filter, () => string> = {
  all: m.window_filter_all,
  active: m.window_filter_active,
  queued: m.window_filter_queued,
  paused: m.window_filter_paused,
  failed: m.window_filter_failed,
  done: m.window_filter_done,
};

export const categoryLabels: Record<Category, () => string> = {
  archive: m.window_category_archive,
  video: m.window_category_video,
  audio: m.window_category_audio,
  image: m.window_category_image,
  document: m.window_category_document,
  disc: m.window_category_disc,
  program: m.window_category_program,
  code: m.window_category_code,
  file: m.window_category_file,
};

/** Order of the categories in the choice for a file. */
export const categoryChoices = [
  "archive",
  "video",
  "audio",
  "image",
  "document",
  "disc",
  "program",
  "code",
  "file",
] as const satisfies readonly Category[];

const categoryNames: Record<Category, () => string> = {
  archive: m.adding_category_archive,
  video: m.adding_category_video,
  audio: m.adding_category_audio,
  image: m.adding_category_image,
  document: m.adding_category_document,
  disc: m.adding_category_disc,
  program: m.adding_category_program,
  code: m.adding_category_code,
  file: m.adding_category_file,
};
/** Singular, for one file. */
export const categoryName = (category: Category): string => categoryNames[category]();

export const sortLabels: Record<Sort, () => string> = {
  added: m.window_sort_added,
  queue: m.window_sort_queue,
  name: m.window_sort_name,
  size: m.window_sort_size,
  progress: m.window_sort_progress,
  speed: m.window_sort_speed,
  eta: m.window_sort_eta,
  host: m.window_sort_host,
  status: m.table_status,
  finished: m.table_sort_finished,
  folder: m.table_folder,
  verified: m.table_verified,
  priority: m.window_priority,
  tags: m.table_tags,
};

/** Headings of the columns: shorter than the orders that they stand for. */
export const columnLabels: Record<ColumnId, () => string> = {
  ...sortLabels,
  added: m.table_added,
  finished: m.table_finished,
  queue: m.table_queue,
};

export const dayGroupLabels: Record<DayGroup, () => string> = {
  today: m.table_today,
  yesterday: m.table_yesterday,
  week: m.table_week,
  earlier: m.table_earlier,
  unfinished: m.table_unfinished,
};

export const priorityLabels: Record<Priority, () => string> = {
  high: m.window_priority_of_high,
  normal: m.window_priority_of_normal,
  low: m.window_priority_of_low,
};

/**
 * Cache: every row needs its label ten times per second, and choosing a plural form costs more than rendering the row.
 */
const connections = new Map<string, string>();
export function connectionsLabel(count: number): string {
  const key = `${uiLanguage.current} ${count}`;
  let words = connections.get(key);
  if (words === undefined) {
    words = m.window_connections({ count });
    connections.set(key, words);
  }
  return words;
}

/** Which constraint set by the user a download waits for. */
export const unmetLabels: Record<UnmetConstraint, () => string> = {
  network: m.problems_waits_network,
  unmetered: m.problems_waits_unmetered,
  roaming: m.problems_waits_roaming,
  battery: m.problems_waits_battery,
  charging: m.problems_waits_charging,
};

/** What limits the speed of a running download; `limit` is its own speed limit. */
export function limitedText(cause: LimitedBy, limit: number | null): string {
  switch (cause.by) {
    case "own-limit":
      return m.details_limited_own({ speed: speed(limit ?? 0) });
    case "total-limit":
      return m.details_limited_total();
    case "slow-mode":
      return m.details_limited_slow();
    case "disk":
      return m.details_limited_disk();
    case "server-connections":
      return m.details_limited_connections({ count: cause.allows });
    case "server":
      return m.details_limited_server();
    case "network":
      return m.details_limited_network();
    case "waiting":
      return m.details_limited_waiting();
  }
}

/** How a finished file was verified. */
export function verdictText(verdict: Verdict): string {
  switch (verdict.by) {
    case "checksum":
      return m.problems_verdict_checksum({ algorithm: algorithmNames[verdict.algorithm] });
    case "server-digest":
      return m.problems_verdict_server_digest({
        algorithm: algorithmNames[verdict.algorithm],
        header: verdict.header,
      });
    case "length":
      return m.problems_verdict_length();
    case "nothing":
      return m.problems_verdict_nothing();
  }
}

export const fixLabels: Record<Fix, () => string> = {
  retry: m.problems_fix_retry,
  "new-link": m.problems_fix_new_link,
  "free-space": m.problems_fix_free_space,
  "other-folder": m.problems_fix_other_folder,
  "start-over": m.problems_fix_start_over,
};

const errorTexts: Record<Exclude<IpcError["code"], "bad-file">, () => string> = {
  "unknown-download": m.problems_refusal_unknown_download,
  "not-now": m.problems_refusal_not_now,
  "bad-link": m.problems_refusal_bad_link,
  "bad-checksum": m.problems_refusal_bad_checksum,
  "bad-header": m.problems_refusal_bad_header,
  "not-stored": m.problems_refusal_not_stored,
  stopped: m.problems_refusal_stopped,
  "stale-session": m.problems_refusal_stale_session,
  "too-many": m.problems_refusal_too_many,
  "unknown-folder": m.problems_refusal_unknown_folder,
  "no-such-file": m.problems_refusal_no_such_file,
  "bad-name": m.problems_refusal_bad_name,
  "other-file": m.problems_refusal_other_file,
  "not-moved": m.problems_refusal_not_moved,
  "not-verified": m.problems_refusal_not_verified,
  "bad-setting": m.problems_refusal_bad_setting,
  system: m.problems_refusal_system,
};

/** Why a command was refused. */
export function errorText(failure: IpcError): string {
  if (failure.code === "not-moved" && failure.problem !== null) {
    // Of a copy nothing is kept; the file itself is whole.
    const { what, next } = problemText(failure.problem, 0);
    return `${sentence(what)} ${errorTexts["not-moved"]()} ${next}`;
  }
  if (failure.code === "not-verified" && failure.problem !== null) {
    const { problem } = failure;
    const why = problem.code === "disk-failed" ? m.verification_unreadable(problem) : undefined;
    return `${why ?? sentence(problemText(problem, 0).what)} ${errorTexts["not-verified"]()}`;
  }
  if (failure.problem !== null) return paragraph(problemText(failure.problem, 0));
  if (failure.code === "system" && failure.message !== "") {
    return m.problems_refusal_system_message({ message: failure.message });
  }
  if (failure.code === "bad-file") return m.problems_refusal_bad_file({ message: failure.message });
  return errorTexts[failure.code]();
}

/** Time until the next attempt of a waiting row. */
export function retryText(row: Row, now: number): string {
  if (row.problem?.code === "offline") return m.problems_wait_network();
  if (row.waitUntil === null) return m.problems_wait_soon();
  const seconds = Math.ceil((row.waitUntil - now) / 1000);
  return seconds <= 0 ? m.problems_wait_now() : m.problems_wait_span({ span: span(seconds) });
}

/** Why a row failed or waits; while it waits, also until when. */
export function reasonText(row: Row, words: ProblemText, now: number): string {
  const why = reasonOf(words);
  return row.phase === "waiting" ? `${retryText(row, now)}: ${why}` : why;
}
