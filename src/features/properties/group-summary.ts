// What a closed group of options says: those of its values that are not the usual ones. Secrets are named, not shown. Pure.
import { priorityLabels } from "../../lib/labels.ts";
import { algorithmNames } from "../../lib/problems.ts";
import { m } from "../../paraglide/messages.js";
import type { AdvancedFields } from "./advanced-fields.svelte.ts";
import type { FieldState, GroupName, OptionField } from "./option-field.ts";

type State = (field: OptionField) => FieldState;

/** Empty when all values of the group are the usual ones. */
export function groupSummary(group: GroupName, fields: AdvancedFields, stateOf: State): string {
  const parts: string[] = [];
  /** `value` is empty for the usual one. */
  const add = (field: OptionField, label: string, value: string): void => {
    if (stateOf(field).mixed) parts.push(`${label}: ${m.properties_mixed()}`);
    else if (value !== "") parts.push(value === label ? label : `${label}: ${value}`);
  };
  /** Only that it is set. */
  const named = (label: string, value: string): void => {
    if (value.trim() !== "") parts.push(label);
  };
  switch (group) {
    case "general":
      if (fields.tags.trim() !== "") parts.push(fields.tags.trim());
      break;
    case "transfer":
      add("connections", m.adding_connections(), fields.connections.trim());
      add("limit", m.adding_limit(), fields.limit.trim());
      add("priority", m.adding_priority(), fields.priority === "normal" ? "" : priorityLabels[fields.priority]()); // prettier-ignore
      add("unmeteredOnly", m.settings_unmetered(), fields.unmeteredOnly ? m.settings_unmetered() : "");
      add("proxy", m.adding_proxy(), fields.proxy.trim() === "" ? "" : m.adding_proxy());
      break;
    case "request":
      add("credentials", m.adding_user(), fields.user.trim());
      if (stateOf("headers").mixed) parts.push(`${m.adding_headers()}: ${m.properties_mixed()}`);
      named(m.adding_referrer(), fields.referrer);
      named(m.adding_agent(), fields.userAgent);
      named(m.adding_cookies(), fields.cookies);
      named(m.adding_headers(), fields.headers);
      break;
    case "verification":
      if (fields.algorithm !== null) parts.push(algorithmNames[fields.algorithm]);
      break;
    case "schedule":
      add("startAt", m.adding_start_at(), fields.startAt.replace("T", " "));
      if (fields.queueFirst) parts.push(m.properties_queue_first());
      break;
  }
  return parts.join(" · ");
}

/** Whether one of the group's fields has an error. */
export function groupFaulty(group: GroupName, fields: AdvancedFields): boolean {
  const errors: Record<GroupName, readonly (string | null)[]> = {
    general: [fields.tagsError],
    transfer: [fields.connectionsError, fields.limitError, fields.proxyError],
    request: [fields.headersError, fields.userError],
    verification: [fields.checksumError],
    schedule: [fields.startAtError],
  };
  return errors[group].some((error) => error !== null);
}
