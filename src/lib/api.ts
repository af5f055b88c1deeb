// Every command and every channel between the window and the core passes through here. Knows how to call the core and
// what its errors look like; does not depend on any view.
import { Channel } from "@tauri-apps/api/core";
import { commands } from "../../gen/bindings.ts";
import type { IpcError, DownloadEvent, DownloadOptions, Frame, LogBatch, Page } from "../../gen/bindings.ts";

export type * from "../../gen/bindings.ts";

declare global {
  interface Window {
    __TAURI_INTERNALS__: { unregisterCallback(id: number): void };
  }
}

/** A channel from the core that lives as long as a view needs it. */
export class Lease<T> {
  readonly channel: Channel<T>;

  constructor(onmessage: (message: T) => void) {
    this.channel = new Channel<T>(onmessage);
  }

  /** Unregisters the callback: late messages are dropped, and nothing leaks. */
  release(): void {
    this.channel.onmessage = () => undefined;
    window.__TAURI_INTERNALS__.unregisterCallback(this.channel.id);
  }
}

/** The error of a rejected command; anything else is a fault of the window itself. */
export function toIpcError(error: unknown): IpcError {
  if (typeof error === "object" && error !== null && "code" in error && "message" in error) {
    return error as IpcError;
  }
  return { code: "system", problem: null, message: error instanceof Error ? error.message : String(error) };
}

export const attach = (session: string, onFrame: Lease<Frame>): Promise<Page> =>
  commands.attach(session, onFrame.channel);
export const download = (
  url: string,
  options: DownloadOptions,
  onEvent: Lease<DownloadEvent>,
  onLog: Lease<LogBatch>,
): Promise<number> => commands.download(url, options, onEvent.channel, onLog.channel);
export const replace = (
  id: number,
  url: string,
  options: DownloadOptions,
  onEvent: Lease<DownloadEvent>,
  onLog: Lease<LogBatch>,
): Promise<number> => commands.replace(id, url, options, onEvent.channel, onLog.channel);
export const watch = (id: number, onEvent: Lease<DownloadEvent>, onLog: Lease<LogBatch>): Promise<null> =>
  commands.watch(id, onEvent.channel, onLog.channel);

export const {
  page,
  links,
  ack,
  view,
  detach,
  unwatch,
  pause,
  resume,
  retry,
  setPriority,
  setTags,
  moveTo,
  options,
  setOptions,
  undoOptions,
  segments,
  speedHistory,
  removeMany,
  undoRemove,
  changeLink,
  changeFolder,
  pauseAll,
  resumeAll,
  openFile,
  openLink,
  reveal,
  dragOut,
  renameFile,
  moveFile,
  downloadAgain,
  locate,
  openWith,
  missingFiles,
  paths,
  fileDigest,
  verifyFile,
  findChecksum,
  cancelVerification,
  thumbnail,
  preview,
  defaultFolder,
  recentFolders,
  freeSpace,
  pickFolder,
  look,
  freeInFolder,
  downloadMany,
  same,
  readList,
  importList,
  exportList,
  saveList,
  history,
  traffic,
  clearHistory,
  restoreHistory,
  appLog,
  revealLog,
  clipboard,
  settings,
  changeSettings,
  rules,
  setRules,
  platform,
  report,
  noticesConsent,
  askForNotices,
  workEnded,
  batterySettings,
} = commands;
