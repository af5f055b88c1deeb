// The one door to the core: every command and every channel of the window passes here.
// Knows how to call and what a failure looks like; knows nothing of the screen.
import { Channel, invoke } from "@tauri-apps/api/core";
import type {
  Activity,
  CommandFailure,
  DownloadEvent,
  DownloadOptions,
  Folder,
  Frame,
  Leftover,
  LogBatch,
  Page,
} from "./wire.ts";

export type * from "./wire.ts";

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
export function failureOf(error: unknown): CommandFailure {
  if (typeof error === "object" && error !== null && "code" in error && "message" in error) {
    return error as CommandFailure;
  }
  return { code: "system", problem: null, message: error instanceof Error ? error.message : String(error) };
}

export const attach = (session: string, onFrame: Lease<Frame>): Promise<Page> =>
  invoke("attach", { session, onFrame: onFrame.channel });
export const page = (session: string, first: number, count: number): Promise<Page> =>
  invoke("page", { session, first, count });
export const ack = (session: string, seq: number): Promise<void> => invoke("ack", { session, seq });
export const view = (session: string, first: number, last: number, activity: Activity): Promise<void> =>
  invoke("view", { session, first, last, activity });
export const detach = (session: string): Promise<void> => invoke("detach", { session });

export const download = (
  url: string,
  options: DownloadOptions,
  onEvent: Lease<DownloadEvent>,
  onLog: Lease<LogBatch>,
): Promise<number> => invoke("download", { url, options, onEvent: onEvent.channel, onLog: onLog.channel });
export const watch = (id: number, onEvent: Lease<DownloadEvent>, onLog: Lease<LogBatch>): Promise<void> =>
  invoke("watch", { id, onEvent: onEvent.channel, onLog: onLog.channel });
export const unwatch = (id: number): Promise<void> => invoke("unwatch", { id });

export const pause = (id: number): Promise<void> => invoke("pause", { id });
export const resume = (id: number): Promise<void> => invoke("resume", { id });
export const retry = (id: number): Promise<void> => invoke("retry", { id });
export const remove = (id: number, leftover: Leftover): Promise<void> => invoke("remove", { id, leftover });
export const changeLink = (id: number, url: string): Promise<void> => invoke("change_link", { id, url });
export const changeFolder = (id: number, folder: string): Promise<void> =>
  invoke("change_folder", { id, folder });
export const pauseAll = (): Promise<void> => invoke("pause_all");
export const resumeAll = (): Promise<void> => invoke("resume_all");
export const openFile = (id: number): Promise<void> => invoke("open_file", { id });
export const reveal = (id: number): Promise<void> => invoke("reveal", { id });
export const defaultFolder = (): Promise<Folder> => invoke("default_folder");
export const pickFolder = (): Promise<Folder | null> => invoke("pick_folder");

/** What is in the clipboard, if the webview lets us read it without asking the person; else nothing. */
export async function clipboardText(): Promise<string> {
  try {
    const leave = await navigator.permissions.query({ name: "clipboard-read" as PermissionName });
    return leave.state === "granted" ? await navigator.clipboard.readText() : "";
  } catch {
    return "";
  }
}
