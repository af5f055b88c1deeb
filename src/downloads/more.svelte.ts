// The seldom used half of the add dialog: what was typed, whether it makes sense, and what it means to the core.
import type { DownloadOptions } from "../lib/api.ts";
import { headers, sha256Fault, size } from "../lib/links.ts";

export const mostConnections = 16;

export class More {
  headers = $state("");
  sha256 = $state("");
  connections = $state("");
  limit = $state("");

  headersError = $derived(headers(this.headers).error);
  sha256Error = $derived(sha256Fault(this.sha256));
  connectionsError = $derived(
    /^(|[1-9]|1[0-6])$/.test(this.connections.trim()) ? null : `A number from 1 to ${mostConnections}.`,
  );
  limitError = $derived(size(this.limit) === undefined ? "A speed such as 500 kB or 2 MB." : null);
  faulty: boolean = $derived(
    [this.headersError, this.sha256Error, this.connectionsError, this.limitError].some(
      (error) => error !== null,
    ),
  );

  options(folder: string | null, name: string | null, paused: boolean): DownloadOptions {
    const connections = this.connections.trim();
    const sha256 = this.sha256.trim().toLowerCase();
    return {
      folder,
      name,
      headers: headers(this.headers).pairs,
      sha256: sha256 === "" ? null : sha256,
      connections: connections === "" ? null : Number(connections),
      limit: size(this.limit) ?? null,
      paused,
    };
  }
}
