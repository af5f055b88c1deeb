// The error texts of the parsers of pasted text. Knows no field.
import { m } from "../../paraglide/messages.js";
import { exact } from "../format.ts";
import type { CurlFault } from "./curl.ts";
import { maxTextLength, type InputFault } from "./parse-input.ts";
import { maxLinks } from "./url-patterns.ts";

const short = (text: string): string => (text.length > 48 ? `${text.slice(0, 45)}…` : text);

/** What is wrong with the pasted text, and what to do. */
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
