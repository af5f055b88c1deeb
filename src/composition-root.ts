// Builds the parts of the page's state, connects them, gives them to the components, and starts their channels.
import { Announcer } from "./lib/announcer.svelte.ts";
import type { Frame } from "./lib/api.ts";
import { FileStates } from "./lib/file-states.svelte.ts";
import { FailureReporter } from "./lib/failure-reporter.ts";
import { FreeSpace } from "./lib/free-space.svelte.ts";
import { LastPress } from "./lib/last-press.ts";
import { ListQuery } from "./lib/list-query.svelte.ts";
import { DownloadList } from "./lib/list.svelte.ts";
import { PaneLayout } from "./lib/pane-layout.svelte.ts";
import { PhoneHints } from "./lib/phone-hints.svelte.ts";
import { SegmentMaps } from "./lib/segments.svelte.ts";
import { Selection } from "./lib/selection.svelte.ts";
import { SettingsStore } from "./lib/settings.svelte.ts";
import { SavedViews } from "./lib/saved-views.svelte.ts";
import { Sidebar } from "./lib/sidebar.svelte.ts";
import { SpeedCourses } from "./lib/speed-courses.svelte.ts";
import { SpeedHistory } from "./lib/speed-history.svelte.ts";
import { TableLayout } from "./lib/table-layout.svelte.ts";
import { TotalSpeedHistory } from "./lib/total-speed-history.svelte.ts";
import { Thumbnails } from "./lib/thumbnails.svelte.ts";
import { Toasts } from "./lib/toasts.svelte.ts";
import { ClipboardWatch } from "./features/add/clipboard-watch.ts";
import * as keys from "./features/downloads/context-keys.ts";
import { DetailsPane } from "./features/downloads/details-pane.svelte.ts";
import { Dialogs } from "./features/downloads/dialogs.svelte.ts";
import { DownloadActions } from "./features/downloads/download-actions.ts";
import { ListFocus } from "./features/downloads/list-focus.ts";
import { announceOutcome } from "./features/downloads/outcome-announcements.ts";
import { Removal } from "./features/downloads/removal.ts";
import { UndoStack } from "./features/downloads/undo-stack.ts";

/** In ms. */
const speedSampleInterval = 1_000;

type Parts = ReturnType<typeof compose>;

export function compose() {
  const toasts = new Toasts();
  const announcer = new Announcer();
  const failures = new FailureReporter(toasts, announcer);
  const settings = new SettingsStore();
  const dialogs = new Dialogs();
  const files = new FileStates();
  const listFocus = new ListFocus(dialogs);
  const undo = new UndoStack(toasts, announcer);
  const press = new LastPress();

  const onFrameExtras = (frame: Frame): void => {
    if (frame.settings !== null) settings.take(frame.settings);
    if (frame.add !== null) dialogs.offer(frame.add);
    if (frame.open === null) return;
    query.showAll();
    selection.selectOnly(frame.open);
    details.open(frame.open);
  };
  const list = new DownloadList({
    onRowChanged: (change) => announceOutcome(change, { toasts, announcer, actions, details }),
    onRowMoved: (row) => actions.announceMove(row),
    onReattached: () => {
      details.reopen();
      settings.load().catch(() => undefined);
    },
    onFrameExtras,
  });
  const rows = () => list.rows;
  const query = new ListQuery(rows);
  const selection = new Selection(rows);
  const details = new DetailsPane(rows, selection, failures);
  const actions = new DownloadActions({ rows, settings, dialogs, files, toasts, announcer, failures });
  const removal = new Removal({ query, selection, details, dialogs, listFocus, press, undo, failures });
  return {
    ...{ toasts, announcer, failures, settings, dialogs, listFocus, press, undo },
    ...{ list, query, selection, details, actions, removal, files },
    hints: new PhoneHints(() => list.totals.all > 0),
    clipboard: new ClipboardWatch({
      ...{ rows, settings, toasts },
      isBusy: () => dialogs.current !== undefined,
      add: (links) => dialogs.open({ kind: "add", links }),
    }),
    sidebar: new Sidebar(),
    table: new TableLayout(),
    pane: new PaneLayout(),
    savedViews: new SavedViews(),
    speeds: new SpeedHistory(),
    totalSpeeds: new TotalSpeedHistory(),
    freeSpace: new FreeSpace(),
    segmentMaps: new SegmentMaps(),
    speedCourses: new SpeedCourses(),
    thumbnails: new Thumbnails(),
  };
}

/** Gives the parts to the components below; called while a component is created. */
export function provide(parts: Parts): void {
  keys.listKey.provide(parts.list);
  keys.queryKey.provide(parts.query);
  keys.selectionKey.provide(parts.selection);
  keys.settingsKey.provide(parts.settings);
  keys.hintsKey.provide(parts.hints);
  keys.sidebarKey.provide(parts.sidebar);
  keys.tableKey.provide(parts.table);
  keys.paneKey.provide(parts.pane);
  keys.savedViewsKey.provide(parts.savedViews);
  keys.speedsKey.provide(parts.speeds);
  keys.totalSpeedsKey.provide(parts.totalSpeeds);
  keys.freeSpaceKey.provide(parts.freeSpace);
  keys.segmentMapsKey.provide(parts.segmentMaps);
  keys.speedCoursesKey.provide(parts.speedCourses);
  keys.fileStatesKey.provide(parts.files);
  keys.thumbnailsKey.provide(parts.thumbnails);
  keys.announcerKey.provide(parts.announcer);
  keys.failuresKey.provide(parts.failures);
  keys.actionsKey.provide(parts.actions);
  keys.removalKey.provide(parts.removal);
  keys.undoKey.provide(parts.undo);
  keys.dialogsKey.provide(parts.dialogs);
  keys.detailsKey.provide(parts.details);
  keys.listFocusKey.provide(parts.listFocus);
}

/** The parts with their channels started. `answered` resolves when the first screen's content is there; `stop` stops them. */
export type Started = { parts: Parts; answered: Promise<unknown>; stop: () => void };

/** Builds the parts and starts their channels. */
export function begin(): Started {
  const parts = compose();
  const stop = start(parts);
  return { parts, answered: Promise.all([parts.list.attached, parts.settings.loaded]), stop };
}

/** Starts the channels; returns a function that stops them. */
function start(parts: Parts): () => void {
  const { list, settings, hints, files, speeds, totalSpeeds, details, press, clipboard } = parts;
  const stops = [list.start(), settings.start(), hints.start(), files.start(), press.start()];
  const sampling = setInterval(() => {
    speeds.sample(list.rows);
    totalSpeeds.sample(list.totals.speed);
  }, speedSampleInterval);
  stops.push(clipboard.start(), details.start(), () => clearInterval(sampling));
  return () => {
    for (const stop of stops.reverse()) stop();
  };
}
