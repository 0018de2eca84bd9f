// Handle and thread tables: which index is given out, and what it names. Mirrors spec/01.

import type { OwnTable } from "../model/edit.ts";
import type { Table } from "../model/store.ts";
import { assert, trapAt } from "./machine.ts";

/** The largest index of a table (CanonicalABI.md, "Table State"). */
export const maxTableLength: number = 2 ** 28 - 1;

/** A list with one more at its end; a first one makes no room for others. */
export function withOne<E>(list: readonly E[], one: E): readonly E[] {
  return list.length === 0 ? [one] : [...list, one];
}

/** A table without entries: index 0 is never used. */
export function emptyTable<E>(): Table<E> {
  return { array: [null], free: [] };
}

/** The entry at `i`; traps `table.no-such-index`. */
export function tableGet<E>(table: Table<E>, i: number): E {
  const entry = table.array[i] ?? null;
  trapAt(entry === null, "table.no-such-index");
  return entry as E;
}

/** Adds `entry` at the index that was freed last, or at the end; traps `table.full`. */
export function tableAdd<E>(table: OwnTable<E>, entry: E): number {
  const reused = table.free.pop();
  if (reused !== undefined) {
    assert(table.array[reused] === null, "V20", "a free index of a table has no entry");
    table.array[reused] = entry;
    return reused;
  }
  const index = table.array.length;
  trapAt(index > maxTableLength, "table.full");
  table.array.push(entry);
  return index;
}

/** Frees the index `i` and gives what it named; traps `table.no-such-index`. */
export function tableRemove<E>(table: OwnTable<E>, i: number): E {
  const entry = tableGet(table, i);
  table.array[i] = null;
  table.free.push(i);
  return entry;
}
