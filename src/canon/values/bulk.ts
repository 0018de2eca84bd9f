// Lists of numbers as bytes, copied in bulk: only their NaNs change on the way. Mirrors spec/01.

import type { BulkValue, NumberTag, Value } from "../../model/values.ts";
import type { Nans } from "./numbers.ts";
import { canonicalNans, numberSize, readNumber, viewOf, writeNumber } from "./numbers.ts";

function replaceNans(t: NumberTag, bytes: Uint8Array, nans: Nans): Uint8Array {
  if (t !== "f32" && t !== "f64") return bytes;
  const out = bytes.slice();
  const view = viewOf(out);
  for (let at = 0; at < out.length; at += numberSize[t]) {
    const v = readNumber(t, view, at);
    if (Number.isNaN(v)) writeNumber(t, view, at, v, nans);
  }
  return out;
}

/** The list that these bytes of a memory hold: lifting makes every NaN canonical. */
export function liftBulk(t: NumberTag, bytes: Uint8Array): BulkValue {
  return { tag: "bulk", t, bytes: replaceNans(t, bytes, canonicalNans) };
}

/** The bytes that a list has in a memory: lowering gives every NaN the bits given. */
export function lowerBulk({ t, bytes }: BulkValue, nans: Nans): Uint8Array {
  return replaceNans(t, bytes, nans);
}

export function isBulk(v: Value | readonly Value[]): v is BulkValue {
  return typeof v === "object" && "tag" in v && v.tag === "bulk";
}

/** Number of elements of a bulk list. */
function bulkLength(v: BulkValue): number {
  return v.bytes.length / numberSize[v.t];
}

/** The elements of a bulk list, one by one. */
export function bulkElements(v: BulkValue): readonly (number | bigint)[] {
  const view = viewOf(v.bytes);
  const each = numberSize[v.t];
  return Array.from({ length: bulkLength(v) }, (_, i) => readNumber(v.t, view, i * each));
}

/** The bulk list of some values of type `t`, with canonical NaNs. */
export function bulkOf(t: NumberTag, vs: readonly Value[]): BulkValue {
  const bytes = new Uint8Array(vs.length * numberSize[t]);
  const view = viewOf(bytes);
  for (const [i, v] of vs.entries()) writeNumber(t, view, i * numberSize[t], v, canonicalNans);
  return { tag: "bulk", t, bytes };
}

/** Elements `start` to `end` (exclusive) of a bulk list. */
export function bulkSlice(v: BulkValue, start: number, end: number): BulkValue {
  const each = numberSize[v.t];
  return { ...v, bytes: v.bytes.slice(start * each, end * each) };
}

/** The elements of a list of any kind, one by one. */
export function toList(vs: readonly Value[] | BulkValue): readonly Value[] {
  return isBulk(vs) ? bulkElements(vs) : vs;
}

/** Number of elements of a list of any kind. */
export function listLength(vs: readonly Value[] | BulkValue): number {
  return isBulk(vs) ? bulkLength(vs) : vs.length;
}
