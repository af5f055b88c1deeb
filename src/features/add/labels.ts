// The texts of the add dialog for what the parsers of `lib/input/` found. Knows no field.
import { m } from "../../paraglide/messages.js";
import type { Category, Same } from "../../lib/api.ts";
import { exact } from "../../lib/format.ts";
import type { CurlFault } from "../../lib/input/curl.ts";
import { maxLinks } from "../../lib/input/url-patterns.ts";
import { maxTextLength, type InputFault } from "../../lib/input/parse-input.ts";

const short = (text: string): string => (text.length > 48 ? `${text.slice(0, 45)}…` : text);

/** What is wrong with what was pasted, and what to do. */
export function faultText(fault: InputFault): string {
  switch (fault.is) {
    case "nothing":
      return m.adding_fault_nothing();
    case "too-long":
      return m.adding_fault_too_long({ most: exact(maxTextLength) });
    case "no-link":
      return m.adding_fault_no_link({ text: short(fault.text) });
    case "no-scheme":
      return m.adding_fault_no_scheme({ text: short(fault.text) });
    case "scheme":
      return m.adding_fault_scheme({ scheme: fault.scheme });
    case "no-host":
      return m.adding_fault_no_host({ text: short(fault.text) });
    case "too-many":
      return m.adding_fault_too_many({ count: fault.count, most: exact(maxLinks) });
    case "curl":
      return curlFaultText(fault.fault);
  }
}

function curlFaultText({ why, option }: CurlFault): string {
  switch (why) {
    case "method":
      return m.adding_fault_curl_method({ option: short(option) });
    case "body":
      return m.adding_fault_curl_body({ option });
    case "part":
      return m.adding_fault_curl_part({ option });
    case "no-link":
      return m.adding_fault_curl_no_link();
  }
}

export const categories = [
  "archive",
  "video",
  "audio",
  "image",
  "document",
  "disc",
  "program",
  "code",
  "file",
] as const satisfies readonly Category[];

const categoryNames: Record<Category, () => string> = {
  archive: m.adding_category_archive,
  video: m.adding_category_video,
  audio: m.adding_category_audio,
  image: m.adding_category_image,
  document: m.adding_category_document,
  disc: m.adding_category_disc,
  program: m.adding_category_program,
  code: m.adding_category_code,
  file: m.adding_category_file,
};
/** One file of that sort. */
export const categoryName = (category: Category): string => categoryNames[category]();

/** What the list has already. */
export const duplicateText = (same: Same): string =>
  same.by === "link" ? m.adding_same_link() : m.adding_same_file();
