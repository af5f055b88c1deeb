// The speed over their whole life of the downloads that show it, as the core keeps it. Knows no component.
import * as api from "./api.ts";
import type { SpeedHistory } from "./api.ts";
import { PolledValues } from "./polled-values.svelte.ts";

export class SpeedCourses extends PolledValues<SpeedHistory> {
  constructor() {
    super((id) => api.speedHistory(id));
  }
}
