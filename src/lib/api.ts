// The one door to the core: every command and every channel of the window passes here.
// Knows how to call and what a failure looks like; knows nothing of the screen.
import { Channel } from "@tauri-apps/api/core";
import { commands } from "../../gen/bindings.ts";
import type { IpcError, DownloadEvent, DownloadOptions, Frame, LogBatch, Page } from "../../gen/bindings.ts";

export type * from "../../gen/bindings.ts";

declare global {
  interface Window {
    __TAURI_INTERNALS__: { unregisterCallback(id: number): void };
  }
}

/** A stream from the core for as long as somebody looks at it. */
export class Lease<T> {
  readonly channel: Channel<T>;

  constructor(onmessage: (message: T) => void) {
    this.channel = new Channel<T>(onmessage);
  }

  /** Forgets the callback, so that a late message reaches nobody and nothing is left behind. */
  release(): void {
    this.channel.onmessage = () => undefined;
    window.__TAURI_INTERNALS__.unregisterCallback(this.channel.id);
  }
}

/** What a rejected command carries; anything else is a fault of the window's own making. */
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
  setLimit,
  setConnections,
  setUnmeteredOnly,
  setPriority,
  moveTo,
  segments,
  remove,
  removeMany,
  undoRemove,
  changeLink,
  changeFolder,
  pauseAll,
  resumeAll,
  openFile,
  reveal,
  defaultFolder,
  recentFolders,
  pickFolder,
  look,
  downloadMany,
  same,
  clipboard,
  settings,
  changeSettings,
  platform,
  report,
  noticesConsent,
  askForNotices,
  workEnded,
  batterySettings,
} = commands;
