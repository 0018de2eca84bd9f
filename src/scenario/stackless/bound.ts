// What bindings make of the values of streams and futures of the split ABI. Mirrors spec/11.

import { bulkElements, isBulk } from "../../canon/values/bulk.ts";
import type { ValType } from "../../model/types.ts";
import type { BulkValue, Value } from "../../model/values.ts";
import type { Leaving } from "../code.ts";
import { type Place, storeBuffer } from "../marshal.ts";
import {
  bytesOf,
  copyResult,
  mismatch,
  narrow,
  type ScriptValue,
  tagOf,
  toUnsigned,
} from "../script-values.ts";

const [completed, dropped] = [0, 1];

/** The result of a copy: of `n` elements that lie at `ptr`. */
function copied(result: number, n: number, ptr: number): ScriptValue {
  return { tag: "multi", values: [copyResult(result + n * 16), ptr] };
}

/** Numbers inside another value are still as they were lifted. */
function listOf(v: ScriptValue): readonly ScriptValue[] {
  if (Array.isArray(v)) return v;
  return isBulk(v as Value) ? bulkElements(v as BulkValue).map(narrow) : mismatch();
}

function bytesIn(v: ScriptValue): ScriptValue {
  if (typeof v === "string") return bytesOf(v);
  return Array.isArray(v) ? v : new Array<number>(toUnsigned(v)).fill(0);
}

/** Elements as a read gives them: in memory, if the body goes on to use where they lie. */
function received(
  place: Place,
  t: ValType | null,
  vs: readonly ScriptValue[],
  keeps: boolean,
): number {
  return t === null || vs.length === 0 || !keeps ? 0 : storeBuffer(place, t, vs);
}

function receivedOne(place: Place, t: ValType | null, v: ScriptValue, keeps: boolean): ScriptValue {
  if (t === null) return copied(completed, 0, 0);
  const { value } = tagOf(v) === "case" ? (v as { value: ScriptValue | null }) : mismatch();
  if (value === null) return copied(dropped, 0, 0);
  return copied(completed, 0, received(place, t, [value], keeps));
}

/** The value of an instruction for its operands. */
export function bound(
  place: Place,
  { does, t }: Leaving & { readonly op: "bindings" },
  operands: readonly ScriptValue[],
  keeps: boolean,
): ScriptValue {
  const [v = 0] = operands;
  switch (does) {
    case "several":
      return { tag: "multi", values: operands };
    case "bytes-of":
      return bytesIn(v);
    case "byte-count":
      return copied(completed, listOf(v).length, 0);
    case "received":
      return copied(completed, listOf(v).length, received(place, t, listOf(v), keeps));
    case "received-one":
      return receivedOne(place, t, v, keeps);
  }
}
