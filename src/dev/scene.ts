// A list that shows every state once, and a very long one.
import type { Phase, Row } from "../lib/api.ts";
import { makeRow } from "../test/values.ts";

export function scene(now: number): Row[] {
  const rows: Partial<Row>[] = [
    {
      name: "Big Buck Bunny (2160p, 60 fps).mkv",
      category: "video",
      host: "download.blender.org",
      phase: "done",
      total: 673_220_000,
      received: 673_220_000,
      finishedAt: now - 86_400_000 * 3,
      verdict: {
        by: "server-digest",
        algorithm: "sha-256",
        header: "Repr-Digest",
        digest: "9c2f6b1e".repeat(8),
      },
    },
    {
      name: "field-recordings-2026-10.flac",
      category: "audio",
      host: "archive.example.net",
      phase: "done",
      total: 41_200_000,
      received: 41_200_000,
      finishedAt: now - 5_000_000,
      verdict: { by: "length" },
    },
    {
      name: "openstreetmap-europe-latest.osm.pbf",
      category: "file",
      host: "download.geofabrik.de",
      phase: "paused",
      total: 31_400_000_000,
      received: 9_800_000_000,
    },
    {
      name: "sensor-dump-0417.tar.zst",
      category: "archive",
      host: "lab.example.edu",
      phase: "failed",
      total: 2_300_000_000,
      received: 1_240_000_000,
      problem: { code: "not-found", host: "lab.example.edu" },
      fix: "new-link",
    },
    {
      name: "backup-photos.zip",
      category: "archive",
      host: "cloud.example.com",
      phase: "failed",
      total: 88_000_000_000,
      received: 61_000_000_000,
      problem: { code: "disk-full", folder: "~/Pictures", needed: 27_000_000_000 },
      fix: "free-space",
    },
    {
      name: "annual-report-2025.pdf",
      category: "document",
      host: "www.example.gov",
      phase: "waiting",
      total: 18_400_000,
      received: 6_100_000,
      problem: { code: "server-error", host: "www.example.gov", status: 503, retryAfter: null },
      waitUntil: now + 24_000,
      attempts: 2,
    },
    {
      name: "Fedora-Workstation-Live-43.x86_64.iso",
      category: "disc",
      host: "mirror.example.org",
      phase: "queued",
      place: 0,
      total: null,
    },
    {
      name: "wikipedia-en-nopic.zim",
      host: "download.kiwix.org",
      phase: "queued",
      place: 1,
      priority: "low",
      total: 56_000_000_000,
    },
    {
      name: "field-notes-scans.pdf",
      category: "document",
      host: "archive.example.net",
      phase: "queued",
      place: 2,
      waitsFor: "unmetered",
      total: 210_000_000,
    },
    {
      name: "model-weights-q5.gguf",
      category: "file",
      host: "cdn.example.ai",
      phase: "running",
      total: 9_660_000_000,
      received: 2_410_000_000,
      speed: 18_400_000,
      eta: 394,
      limit: 20_000_000,
      limitedBy: { by: "own-limit" },
      tags: ["models"],
      priority: "high",
      connections: 4,
    },
    {
      name: "lecture-07-hydraulics.mp4",
      category: "video",
      host: "media.example.edu",
      phase: "running",
      total: 1_280_000_000,
      received: 1_050_000_000,
      speed: 6_200_000,
      eta: 37,
      connections: 1,
    },
    { name: "nightly-build.deb", category: "program", host: "ci.example.dev", phase: "probing", total: null },
    {
      name: "debian-13.2.0-amd64-DVD-1.iso",
      category: "disc",
      host: "cdimage.debian.org",
      phase: "running",
      total: 3_980_000_000,
      received: 2_470_000_000,
      speed: 42_700_000,
      eta: 35,
      connections: 8,
      limitedBy: { by: "server-connections", allows: 8 },
    },
  ];
  return rows.map((row, at) =>
    makeRow(at + 1, {
      url: `https://${row.host ?? ""}/files/${encodeURIComponent(row.name ?? "")}`,
      addedAt: now - 90_000_000 + at * 60_000,
      ...row,
    }),
  );
}

export function many(): Row[] {
  const phases: Phase[] = ["queued", "running", "paused", "done"];
  return Array.from({ length: 10_000 }, (_, at) => {
    const phase = phases[at % phases.length] ?? "queued";
    const total = 1_000_000 + ((at * 7_919) % 900) * 1_000_000;
    return makeRow(at + 1, {
      phase,
      total,
      received: phase === "done" ? total : Math.floor(total / 3),
      speed: phase === "running" ? 100_000 : 0,
    });
  });
}
