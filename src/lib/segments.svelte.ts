// Segments of the downloads that show them. Knows no component.
import * as api from "./api.ts";
import type { Segments } from "./api.ts";
import { PolledValues } from "./polled-values.svelte.ts";

export class SegmentMaps extends PolledValues<Segments> {
  constructor() {
    super((id) => api.segments(id));
  }
}
