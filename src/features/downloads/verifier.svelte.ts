// Verifies finished files, and those that were kept for their wrong checksum, at the user's press, and says the result. What the core has stored of it is in the row; the
// rest is kept here until the page is closed.
import { SvelteMap } from "svelte/reactivity";
import type { Announcer } from "../../lib/announcer.svelte.ts";
import * as api from "../../lib/api.ts";
import type { Row, VerifyOutcome } from "../../lib/api.ts";
import type { FailureReporter } from "../../lib/failure-reporter.ts";
import type { FileStates } from "../../lib/file-states.svelte.ts";
import { mismatchNext, verificationText } from "../../lib/proof.ts";
import type { Toasts } from "../../lib/toasts.svelte.ts";
import { m } from "../../paraglide/messages.js";

type Dependencies = {
  files: FileStates;
  toasts: Toasts;
  announcer: Announcer;
  failures: FailureReporter;
};

export class Verifier {
  readonly #deps: Dependencies;
  readonly #outcomes = new SvelteMap<number, VerifyOutcome>();

  constructor({ files, toasts, announcer, failures }: Dependencies) {
    this.#deps = { files, toasts, announcer, failures };
  }

  /** The last result for the row, if its last verification has ended and was of the file that it has now. */
  outcomeOf(row: Row): VerifyOutcome | undefined {
    const outcome = this.#outcomes.get(row.id);
    const at = outcome?.outcome === "verified" ? outcome.verification.at : Infinity;
    return at < (row.finishedAt ?? 0) ? undefined : outcome;
  }

  /** Compares with what is known of the file. */
  verify(row: Row): void {
    this.#watch(row, this.#run(row, api.verifyFile(row.id, null)));
  }
  /** Searches for a checksum file beside the link, and compares with it. */
  find(row: Row): void {
    this.#watch(row, this.#run(row, api.findChecksum(row.id)));
  }
  /** Compares with a pasted checksum. False if the text is none; other failures are reported. */
  async compare(row: Row, checksum: string): Promise<boolean> {
    const run = this.#run(row, api.verifyFile(row.id, checksum));
    const read = run.then(
      () => true,
      (error: unknown) => api.toIpcError(error).code !== "bad-checksum",
    );
    if (await read) this.#watch(row, run);
    return read;
  }
  cancel(row: Row): void {
    this.#deps.failures.watch(api.cancelVerification(row.id), () => m.verification_not(row));
  }

  async #run(row: Row, running: Promise<VerifyOutcome>): Promise<void> {
    this.#outcomes.delete(row.id);
    const outcome = await running;
    this.#outcomes.set(row.id, outcome);
    if (outcome.outcome === "verified") {
      const { compared } = outcome.verification;
      const text = verificationText(outcome.verification);
      if (compared === null) this.#say("plain", row.name, text);
      else if (compared.matches) this.#say("success", row.name, text);
      else this.#say("error", row.name, `${text}. ${mismatchNext(compared)}`);
    } else if (outcome.outcome === "nothing-found") {
      this.#say("plain", row.name, m.verification_none_found(row));
    }
  }

  #say(tone: "plain" | "success" | "error", title: string, text: string): void {
    this.#deps.toasts.show({ tone, title, text });
    this.#deps.announcer.say(`${title}. ${text}`);
  }

  /** Reports a failure; notes when the file turns out to be gone. */
  #watch(row: Row, running: Promise<void>): void {
    running.catch((error: unknown) => {
      const gone = api.toIpcError(error).code === "no-such-file";
      if (gone && row.phase === "done") this.#deps.files.setMissing(row.id);
    });
    this.#deps.failures.watch(running, () => m.verification_not(row));
  }
}
