// What screen readers are told: the texts of the page's two live regions. Knows no download.

/** The latest announcement is in one region, and the other is empty: the same words twice are a change too. */
export class Announcer {
  regions = $state.raw<readonly [string, string]>(["", ""]);

  say(text: string): void {
    this.regions = this.regions[0] === "" ? [text, ""] : ["", text];
  }

  /** The latest announcement. */
  get text(): string {
    return this.regions[0] + this.regions[1];
  }
}
