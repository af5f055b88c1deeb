// The parts of the list that the user can choose: by status and by type. Knows no row.
import type { Category, PhaseGroup } from "./api.ts";

export type Filter = "all" | PhaseGroup;
export const filters = [
  "all",
  "active",
  "queued",
  "paused",
  "failed",
  "done",
] as const satisfies readonly Filter[];

export const categories = [
  "video",
  "audio",
  "image",
  "document",
  "archive",
  "disc",
  "program",
  "code",
  "file",
] as const satisfies readonly Category[];

export const isFilter = (value: unknown): value is Filter => filters.some((filter) => filter === value);
export const isCategory = (value: unknown): value is Category =>
  categories.some((category) => category === value);
