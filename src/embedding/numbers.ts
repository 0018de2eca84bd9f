// Numbers between JavaScript and WIT: which fit, and lists of them as typed arrays.

import { numberSize } from "../canon/values/numbers.ts";
import type { ValType } from "../model/types.ts";
import type { BulkValue, NumberTag } from "../model/values.ts";

/** Whether a list of this type is a typed array. */
export function isNumberTag(tag: string): tag is NumberTag {
  return Object.hasOwn(numberSize, tag);
}

const typedArrays = {
  u8: Uint8Array,
  s8: Int8Array,
  u16: Uint16Array,
  s16: Int16Array,
  u32: Uint32Array,
  s32: Int32Array,
  u64: BigUint64Array,
  s64: BigInt64Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;
typedArrays satisfies Record<NumberTag, unknown>;

type Elements = Iterable<number> | Iterable<bigint>;

/** The elements as a typed array of their own. */
export function typedArrayOf(
  t: NumberTag,
  elements: Elements,
): ArrayBufferView & Iterable<unknown> {
  const from = typedArrays[t].from as (some: Elements) => ArrayBufferView & Iterable<unknown>;
  return from.call(typedArrays[t], elements);
}

/** A typed array of exactly this element type as a list; null for anything else. */
export function bulkOfView(t: NumberTag, js: unknown): BulkValue | null {
  if (!(js instanceof typedArrays[t])) return null;
  const view = js as ArrayBufferView;
  return {
    tag: "bulk",
    t,
    bytes: new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice(),
  };
}

/** The number if it is one of the type; null if not. */
export function numberIn(t: ValType, js: unknown): number | bigint | null {
  if (t.tag === "f64") return typeof js === "number" ? js : null;
  if (t.tag === "f32") return typeof js === "number" ? Math.fround(js) : null;
  const bits = Number(t.tag.slice(1));
  const wide = bits === 64;
  if (wide ? typeof js !== "bigint" : !Number.isInteger(js)) return null;
  const n = BigInt(js as number | bigint);
  const fits = t.tag.startsWith("s") ? BigInt.asIntN(bits, n) === n : BigInt.asUintN(bits, n) === n;
  if (!fits) return null;
  return wide ? n : Number(n);
}
