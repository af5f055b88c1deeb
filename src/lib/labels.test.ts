import { afterEach, describe, expect, it } from "vitest";
import { makeRow } from "../test/values.ts";
import type { IpcError, Problem } from "./api.ts";
import { languages, uiLanguage } from "./language.svelte.ts";
import { paragraph, problemText } from "./problems.ts";
import { fixLabels, phaseLabels, errorText, verdictText, retryText } from "./labels.ts";

afterEach(() => {
  uiLanguage.chosen = null;
});
/** Shows non-breaking spaces as plain ones. */
const plain = (text: string): string => text.replace(/\u00a0/g, " ");

const host = "files.example.org";
const folder = "/media/ada/Downloads";
const path = "/media/ada/Downloads/a.zip.part";

/** One problem of each code, with the facts that its text must name; a missing code does not compile. */
const each: { [C in Problem["code"]]: [Extract<Problem, { code: C }>, ...string[]] } = {
  "invalid-link": [{ code: "invalid-link" }, "link"],
  "unsupported-scheme": [{ code: "unsupported-scheme", scheme: "ftp" }, "ftp:"],
  "unknown-host": [{ code: "unknown-host", host }, host],
  "connection-refused": [{ code: "connection-refused", host }, host],
  unreachable: [{ code: "unreachable", host }, host, "network"],
  offline: [{ code: "offline", host }, "online"],
  "local-network": [{ code: "local-network", host }, host, "Nearby devices"],
  "connect-timeout": [{ code: "connect-timeout", host }, host],
  "no-answer": [{ code: "no-answer", host }, host],
  stalled: [{ code: "stalled", host }, host],
  "connection-lost": [{ code: "connection-lost", host }, host],
  "tls-failed": [{ code: "tls-failed", host }, host, "certificate"],
  "bad-response": [{ code: "bad-response", host }, host],
  "not-found": [{ code: "not-found", host }, host, "404"],
  gone: [{ code: "gone", host }, host, "410"],
  unauthorized: [{ code: "unauthorized", host }, host, "401"],
  forbidden: [{ code: "forbidden", host }, host, "403"],
  "rate-limited": [{ code: "rate-limited", host, retryAfter: 90 }, host, "429", "1 min 30 sec"],
  "server-error": [{ code: "server-error", host, status: 503, retryAfter: null }, host, "503", "later"],
  "unexpected-status": [{ code: "unexpected-status", host, status: 418 }, host, "418"],
  "too-many-redirects": [{ code: "too-many-redirects", host }, host],
  "unsafe-redirect": [{ code: "unsafe-redirect", host, scheme: "http" }, host, "http"],
  "range-mismatch": [{ code: "range-mismatch", host }, host],
  encoded: [{ code: "encoded", host, encoding: "br" }, host, "br"],
  "not-the-file": [{ code: "not-the-file", host }, host, "sign-in"],
  "proxy-refused": [{ code: "proxy-refused", host }, host, "password"],
  "proxy-unreachable": [{ code: "proxy-unreachable", host }, host, "proxy"],
  changed: [{ code: "changed", host }, host],
  "disk-full": [{ code: "disk-full", folder, needed: 2_000_000_000 }, folder, "2.00 GB"],
  "read-only": [{ code: "read-only", folder }, folder],
  "folder-missing": [{ code: "folder-missing", folder }, folder],
  "file-too-large": [{ code: "file-too-large", folder }, folder],
  "partial-lost": [{ code: "partial-lost", path }, path],
  "file-exists": [{ code: "file-exists", path }, path],
  "in-use": [{ code: "in-use", path, holder: "flock (42, uid 7)" }, path, "flock (42, uid 7)"],
  "disk-silent": [{ code: "disk-silent", folder }, folder],
  "disk-failed": [{ code: "disk-failed", path, reason: "input/output error" }, path, "input/output error"],
  "checksum-mismatch": [
    {
      code: "checksum-mismatch",
      algorithm: "md5",
      expected: "aa",
      actual: "bb",
      header: "Digest",
      kept: path,
    },
    "MD5",
    "Digest",
    path,
  ],
};

describe("the words of a problem", () => {
  it.each(Object.values(each))("$code is a sentence with its facts and a way on", (problem, ...facts) => {
    const words = problemText(problem, 0);
    expect(words.what).not.toMatch(/undefined|null|NaN|[.!]$/);
    expect(words.next).toMatch(/^[A-Z].*\.$/);
    const text = plain(paragraph(words));
    for (const fact of facts) expect(text).toContain(fact);
  });

  it("are different for every code", () => {
    const said = Object.values(each).map(([problem]) => problemText(problem, 0).what);
    expect(new Set(said).size).toBe(said.length);
  });

  it.each(languages.flatMap((language) => Object.values(each).map(([problem]) => ({ language, problem }))))(
    "$problem.code names its facts in $language",
    ({ language, problem }) => {
      uiLanguage.chosen = language;
      const [, ...facts] = each[problem.code];
      const text = plain(paragraph(problemText(problem, 5_000)));
      expect(text).not.toMatch(/undefined|null|NaN|problems_|[{}]/);
      // Names and numbers are the same in every language.
      for (const fact of facts.filter((one) => /[\d./]/.test(one) && !/\d [a-zA-Z]/.test(one)))
        expect(text).toContain(fact);
    },
  );

  it("say what became of the bytes that were here", () => {
    const kept = (problem: Problem): string => plain(problemText(problem, 1_240_000_000).kept);
    expect(kept(each["not-found"][0])).toBe("1.24 GB downloaded so far is kept.");
    expect(kept(each.changed[0])).toBe("1.24 GB downloaded so far can’t be reused.");
    expect(problemText(each["not-found"][0], 0).kept).toBe("");
  });
});

describe("other words", () => {
  it("name every phase and fix", () => {
    for (const word of [...Object.values(phaseLabels), ...Object.values(fixLabels)])
      expect(word()).toMatch(/^[A-Z]/);
    expect(fixLabels["new-link"]()).toBe("New link…");
  });

  it("say who named the digest that a wrong file misses, and where that file is", () => {
    const problem = each["checksum-mismatch"][0];
    const given = paragraph(problemText({ ...problem, header: null, kept: null }, 5000));
    expect(given).toContain("the MD5 doesn’t match yours");
    expect(given).not.toContain("null");
    expect(paragraph(problemText(problem, 5000))).toContain(`was kept as ${path}`);
  });

  it("say what proved a finished file", () => {
    expect(verdictText({ by: "checksum", algorithm: "sha-1", digest: "" })).toContain(
      "SHA-1 matches your checksum",
    );
    const stated = verdictText({
      by: "server-digest",
      algorithm: "sha-512",
      header: "Repr-Digest",
      digest: "",
    });
    expect(stated).toContain("SHA-512 matches the server’s Repr-Digest");
    expect(verdictText({ by: "length" })).toContain("Size matches");
    expect(verdictText({ by: "nothing" })).toContain("Not verified");
  });

  it("count down to the next attempt", () => {
    const row = makeRow(1, { phase: "waiting", waitUntil: 61_000 });
    expect(retryText(row, 0)).toBe("Retrying in 1 min 1 sec");
    expect(retryText(row, 60_001)).toBe("Retrying in 1 sec");
    expect(retryText(row, 61_000)).toBe("Retrying now");
    expect(retryText({ ...row, waitUntil: null }, 0)).toBe("Retrying soon");
    expect(retryText({ ...row, problem: { code: "offline", host } }, 0)).toBe("Waiting for a network");
  });

  it("explain a refused command by its problem, its code or the system's own words", () => {
    const failure = (over: Partial<IpcError>): IpcError => ({
      code: "system",
      problem: null,
      message: "",
      ...over,
    });
    expect(
      errorText(failure({ code: "bad-link", problem: { code: "unsupported-scheme", scheme: "ftp" } })),
    ).toContain("ftp:");
    expect(errorText(failure({ code: "not-now" }))).toContain("Not possible right now");
    expect(errorText(failure({ message: "no portal" }))).toBe("The system reported an error: no portal");
  });
});
