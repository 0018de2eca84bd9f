// Core values in a trace: how the model writes them, and when a recorded one is the same. Mirrors spec/15.

import type { CoreValue } from "../model/values.ts";
import type { CoreJson } from "./format/trace.ts";

/** Integers are written unsigned, those of 64 bits as decimal texts. */
export function coreJson(value: CoreValue): CoreJson {
  if (typeof value === "bigint" || !Number.isFinite(value)) return String(value);
  return value;
}

/** A recorded value ready to compare; null: it is not known. */
export type Wanted = CoreValue | null;

const decimal = /^-?\d+$/;

/** Texts that say no number are wanted too, and never found. */
export function wanted(value: CoreJson): Wanted {
  if (typeof value !== "string") return value;
  if (decimal.test(value)) return BigInt.asUintN(64, BigInt(value));
  return value === "NaN" || value.endsWith("Infinity") ? Number(value) : -1n;
}

/** Whether two integers are the same modulo 2^32, one of them unsigned. */
function isSame32(a: number, unsigned: number): boolean {
  return Number.isInteger(a) && Math.abs(a) < 2 ** 32 && a >>> 0 === unsigned;
}

/** Integers are compared modulo 2^32 or 2^64; every NaN is the same. */
export function isWanted(want: Wanted, value: CoreValue): boolean {
  if (want === value || want === null) return true;
  if (typeof want === "number" && typeof value === "number") {
    return isSame32(want, value) || (Number.isNaN(want) && Number.isNaN(value));
  }
  return Number.isInteger(want) && typeof want === "number" && asLong(want) === value;
}

function asLong(value: number): bigint {
  return BigInt.asUintN(64, BigInt(value));
}
