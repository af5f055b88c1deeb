// Splits command lines into words by the quoting rules of bash (and similar shells) or of the Windows command prompt,
// as browsers copy them. Knows no command. Expands nothing: `$HOME` is kept as it is.

/** The words of each command in `text`; a line break, `;`, `&` and `|` end a command. */
export const splitCommands = (text: string): string[][] =>
  (/\^"|\^\r?\n/.test(text) ? windows(text) : bash(text)).filter((words) => words.length > 0);

class Words {
  readonly commands: string[][] = [[]];
  #word: string | null = null;

  add(text: string): void {
    this.#word = (this.#word ?? "") + text;
  }
  /** Empty quotes are a word too. */
  begin(): void {
    this.#word ??= "";
  }
  endWord(): void {
    if (this.#word !== null) this.commands.at(-1)?.push(this.#word);
    this.#word = null;
  }
  endCommand(): void {
    this.endWord();
    this.commands.push([]);
  }
}

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  a: "\x07",
  b: "\b",
  e: "\x1b",
};
/** Escape sequences after the backslash in `$'…'`: `\u0021`, `\x21`, `\041`, `\n`. */
const ansi = /^(?:u([0-9a-f]{1,4})|U([0-9a-f]{1,8})|x([0-9a-f]{1,2})|([0-7]{1,3})|([^]))/iu;

function bash(text: string): string[][] {
  const words = new Words();
  let at = 0;
  const until = (end: string, behind: (rest: string) => [string, number]): void => {
    words.begin();
    while (at < text.length && text[at] !== end) {
      if (text[at] === "\\" && end === '"') {
        const [add, used] = behind(text.slice(at + 1));
        words.add(add);
        at += 1 + used;
      } else {
        words.add(text[at] ?? "");
        at += 1;
      }
    }
    at += 1;
  };
  while (at < text.length) {
    const sign = text[at] ?? "";
    at += 1;
    if (sign === "'") until("'", () => ["", 0]);
    else if (sign === '"') until('"', behindInDouble);
    else if (sign === "$" && text[at] === "'") {
      at += 1;
      at = dollarQuoted(text, at, words);
    } else if (sign === "\\") {
      const line = /^\r?\n/.exec(text.slice(at, at + 2));
      if (line === null) words.add(text[at] ?? "");
      at += line?.[0].length ?? 1;
    } else if (/[\n;&|]/.test(sign)) words.endCommand();
    else if (/\s/.test(sign)) words.endWord();
    else words.add(sign);
  }
  words.endWord();
  return words.commands;
}

/** Within double quotes a backslash escapes only these characters. */
function behindInDouble(rest: string): [string, number] {
  const sign = rest[0] ?? "";
  if (sign === "\n") return ["", 1];
  return /["\\$`]/.test(sign) ? [sign, 1] : ["\\" + sign, sign.length];
}

function dollarQuoted(text: string, from: number, words: Words): number {
  let at = from;
  words.begin();
  while (at < text.length && text[at] !== "'") {
    const match = text[at] === "\\" ? ansi.exec(text.slice(at + 1, at + 10)) : null;
    if (match === null) {
      words.add(text[at] ?? "");
      at += 1;
      continue;
    }
    const hex = match[1] ?? match[2] ?? match[3];
    const code = hex !== undefined ? parseInt(hex, 16) : parseInt(match[4] ?? "", 8);
    const plain = match[5] ?? "";
    const known = code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
    words.add(Number.isNaN(code) ? (escapes[plain] ?? plain) : known);
    at += 1 + match[0].length;
  }
  return at + 1;
}

/** The prompt removes its carets first, then the program splits its arguments. */
function windows(text: string): string[][] {
  const lines: string[] = [""];
  let quoted = false;
  const add = (sign: string): void => {
    lines.push((lines.pop() ?? "") + sign);
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? "";
    if (sign === "^" && !quoted) {
      // A caret removes the line break after it and escapes the next character, even another line break.
      if (text[at + 1] === "\r") at += 1;
      if (text[at + 1] === "\n") at += 1;
      if (text[at + 1] === "\r") at += 1;
      at += 1;
      add(text[at] ?? "");
    } else if (/[\r\n]/.test(sign) || (!quoted && /[&|]/.test(sign))) {
      quoted = false;
      lines.push("");
    } else {
      if (sign === '"') quoted = !quoted;
      add(sign);
    }
  }
  return lines.map(argumentsOf);
}

/** Splits by the rules of Microsoft's C library. */
function argumentsOf(line: string): string[] {
  const words = new Words();
  let quoted = false;
  for (const [part] of line.matchAll(/\\*"+|[^]/g)) {
    const slashes = /^\\*/.exec(part)?.[0].length ?? 0;
    if (!part.endsWith('"')) {
      if (/\s/.test(part) && !quoted) words.endWord();
      else words.add(part);
      continue;
    }
    words.begin();
    words.add("\\".repeat(Math.floor(slashes / 2)));
    let quotes = part.length - slashes;
    if (slashes % 2 === 1) {
      words.add('"');
      quotes -= 1;
    }
    for (; quotes > 0; quotes -= 1) {
      if (quoted && quotes > 1) {
        words.add('"');
        quotes -= 1;
      } else quoted = !quoted;
    }
  }
  words.endWord();
  return words.commands[0] ?? [];
}
