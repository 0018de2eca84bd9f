// Core values and the words that stand for them. Mirrors spec/14.

import type { CoreValue } from "../model/values.ts";
import type { ValueType } from "./module.ts";
import { longAt, putLong } from "./numeric-longs.ts";
import type { Machine } from "./run-machine.ts";

function valueAt(m: Machine, at: number, type: ValueType): CoreValue {
  switch (type) {
    case "i64":
      return BigInt.asUintN(64, longAt(m, at));
    case "f32":
      return m.singles[at] ?? 0;
    case "f64":
      return m.doubles[at >> 1] ?? 0;
    default:
      return (m.words[at] ?? 0) >>> 0;
  }
}

function putValue(m: Machine, at: number, type: ValueType, value: CoreValue): void {
  switch (type) {
    case "i64":
      putLong(m, at, BigInt(value));
      return;
    case "f32":
      m.singles[at] = Number(value);
      return;
    case "f64":
      m.doubles[at >> 1] = Number(value);
      return;
    default:
      m.words[at] = Number(value);
  }
}

/** The values in the registers from word `at` on. */
export function valuesAt(m: Machine, at: number, types: readonly ValueType[]): CoreValue[] {
  return types.map((type, i) => valueAt(m, at + 2 * i, type));
}

export function putValues(
  m: Machine,
  at: number,
  types: readonly ValueType[],
  values: readonly CoreValue[],
): void {
  for (const [i, type] of types.entries()) putValue(m, at + 2 * i, type, values[i] ?? 0);
}
