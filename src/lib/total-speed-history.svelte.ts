// The total speed of all downloads over the last minutes, one sample per second. Kept while the window is open. Knows no
// channel.

/** Number of samples kept: five minutes. */
const courseSeconds = 300;
/** Number of samples of the small chart. */
export const sparkSeconds = 60;

export class TotalSpeedHistory {
  /** In bytes per second, oldest first, at most `courseSeconds`. */
  samples = $state.raw<readonly number[]>([]);

  /** Called once per second. */
  sample(speed: number): void {
    this.samples = [...this.samples, speed].slice(-courseSeconds);
  }

  /** The last minute. */
  get minute(): readonly number[] {
    return this.samples.slice(-sparkSeconds);
  }
}
