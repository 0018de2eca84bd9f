// Handle and thread tables: pure operations on a model table. Mirrors spec/01.

import type { Table } from "../model/store.ts";
import { assert, trapAt } from "./machine.ts";

/** The largest index of a table (CanonicalABI.md, "Table State"). */
export const maxTableLength: number = 2 ** 28 - 1;

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
export function tableAdd<E>(table: Table<E>, entry: E): { table: Table<E>; index: number } {
  const reused = table.free.at(-1);
  if (reused !== undefined) {
    assert(table.array[reused] === null, "V20", "a free index of a table has no entry");
    const array = table.array.with(reused, entry);
    return { table: { array, free: table.free.slice(0, -1) }, index: reused };
  }
  const index = table.array.length;
  trapAt(index > maxTableLength, "table.full");
  return { table: { array: [...table.array, entry], free: table.free }, index };
}

/** Frees the index `i`; traps `table.no-such-index`. */
export function tableRemove<E>(table: Table<E>, i: number): { table: Table<E>; entry: E } {
  const entry = tableGet(table, i);
  return { table: { array: table.array.with(i, null), free: [...table.free, i] }, entry };
}
