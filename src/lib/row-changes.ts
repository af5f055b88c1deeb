// What differs between two lists of rows. Rows are never changed in place and a list is sorted by id, so one walk over
// both is enough: a long list of which a few rows change ten times per second costs no hashing.
import type { Row } from "./api.ts";
import type { Rows } from "./rows.ts";

/** Both sorted by id, descending. A row that changed is in both: as it was, and as it is. */
export type RowChanges = { gone: Row[]; added: Row[] };

export function rowChanges(before: Rows, after: Rows): RowChanges {
  if (before.length === 0) return { gone: [], added: [...after] };
  const changes: RowChanges = { gone: [], added: [] };
  let [from, to] = [0, 0];
  while (from < before.length || to < after.length) {
    const [was, is] = [before[from], after[to]];
    if (was === is) {
      from += 1;
      to += 1;
      continue;
    }
    if (was !== undefined && (is === undefined || was.id >= is.id)) {
      changes.gone.push(was);
      from += 1;
    }
    if (is !== undefined && (was === undefined || is.id >= was.id)) {
      changes.added.push(is);
      to += 1;
    }
  }
  return changes;
}

/** `rows` with the changes; the same list if none of them concerns it. */
export function applyChanges(rows: Rows, { gone, added }: RowChanges): Rows {
  if (rows.length === 0) return added.length > 0 ? added : rows;
  const next: Row[] = [];
  let [drop, put] = [0, 0];
  let changed = added.length > 0;
  for (const row of rows) {
    for (let one = added[put]; one !== undefined && one.id > row.id; one = added[put]) {
      next.push(one);
      put += 1;
    }
    while (drop < gone.length && (gone[drop]?.id ?? 0) > row.id) drop += 1;
    if (gone[drop] === row) changed = true;
    else next.push(row);
  }
  for (const one of added.slice(put)) next.push(one);
  return changed ? next : rows;
}
