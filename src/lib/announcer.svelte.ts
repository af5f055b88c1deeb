// What screen readers are told: the text of the page's live region. Knows no download.

export class Announcer {
  /** The latest announcement. */
  text = $state("");

  say(text: string): void {
    this.text = text;
  }
}
