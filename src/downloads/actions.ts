// What can be done with the selected downloads, as a list for menus. Which of it is possible now is the
// core's word (`allows`); this file knows the order and the names.
import type { IconName } from "../components/icons.ts";
import type { Phase, Row } from "../lib/api.ts";
import type { Desk } from "./desk.svelte.ts";

export type Action = {
  id: string;
  label: string;
  icon: IconName;
  keys?: string;
  danger?: boolean;
  /** Begins a new group. */
  apart?: boolean;
  run: () => void;
};

/** A link is changed while nothing runs on the old one. */
const linkFree: ReadonlySet<Phase> = new Set<Phase>(["queued", "waiting", "paused", "failed"]);

export function actionsFor(desk: Desk, rows: readonly Row[]): Action[] {
  const some = (test: (row: Row) => boolean): boolean => rows.some(test);
  const row = rows.length === 1 ? rows[0] : undefined;
  const actions: Action[] = [];
  if (row?.allows.open === true) {
    actions.push({ id: "open", label: "Open", icon: "open", keys: "Enter", run: () => desk.openFile(row) });
    actions.push({ id: "reveal", label: "Show in folder", icon: "folder", run: () => desk.reveal(row) });
  }
  if (some((r) => r.allows.pause)) {
    actions.push({ id: "pause", label: "Pause", icon: "pause", keys: "Space", run: () => desk.pause(rows) });
  }
  if (some((r) => r.allows.resume)) {
    actions.push({
      id: "resume",
      label: "Resume",
      icon: "play",
      keys: "Space",
      run: () => desk.resume(rows),
    });
  }
  if (some((r) => r.allows.retry)) {
    actions.push({ id: "retry", label: "Try again", icon: "retry", run: () => desk.retry(rows) });
  }
  if (row !== undefined) {
    actions.push({
      id: "copy",
      label: "Copy link",
      icon: "copy",
      apart: true,
      run: () => desk.copyLink(row),
    });
    if (linkFree.has(row.phase)) {
      actions.push({
        id: "link",
        label: "Change link…",
        icon: "link",
        run: () => (desk.dialog = { kind: "link", row }),
      });
    }
    if (row.phase === "failed" || row.phase === "paused") {
      actions.push({
        id: "folder",
        label: "Change folder…",
        icon: "folder",
        run: () => desk.changeFolder(row),
      });
    }
  }
  actions.push({
    id: "remove",
    label: rows.every((r) => r.phase === "done")
      ? "Remove…"
      : rows.length === 1
        ? "Cancel and remove…"
        : "Remove…",
    icon: "trash",
    keys: "Del",
    danger: true,
    apart: true,
    run: () => (desk.dialog = { kind: "remove", rows }),
  });
  return actions;
}
