// The seldom used half of the add dialog: what was typed, whether it makes sense, and what it means to the core.
import type { DownloadOptions } from "../lib/api.ts";
import { checksumFault, headers, size } from "../lib/links.ts";

export const mostConnections = 16;

export class More {
  headers = $state("");
  checksum = $state("");
  connections = $state("");
  limit = $state("");

  headersError = $derived(headers(this.headers).error);
  checksumError = $derived(checksumFault(this.checksum));
  connectionsError = $derived(
    /^(|[1-9]|1[0-6])$/.test(this.connections.trim()) ? null : `A number from 1 to ${mostConnections}.`,
  );
  limitError = $derived(size(this.limit) === undefined ? "A speed such as 500 kB or 2 MB." : null);
  faulty: boolean = $derived(
    [this.headersError, this.checksumError, this.connectionsError, this.limitError].some(
      (error) => error !== null,
    ),
  );

  options(folder: string | null, name: string | null, paused: boolean): DownloadOptions {
    const connections = this.connections.trim();
    const checksum = this.checksum.trim();
    return {
      folder,
      name,
      headers: headers(this.headers).pairs,
      checksum: checksum === "" ? null : checksum,
      connections: connections === "" ? null : Number(connections),
      limit: size(this.limit) ?? null,
      paused,
      proxy: null,
      credentials: null,
      priority: "normal",
      startAt: null,
    };
  }
}
