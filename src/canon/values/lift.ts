// Lifting: values out of core values. Mirrors spec/01 and CanonicalABI.md, "Flat Lifting".

import type { Case, CoreType, ValType } from "../../model/types.ts";
import type { BulkValue, CaseValue, CoreValue, NumberTag, Value } from "../../model/values.ts";
import type { Ctx } from "../machine.ts";
import { assert, Trap } from "../machine.ts";
import { bulkOf } from "./bulk.ts";
import type { LiftLowerContext } from "./context.ts";
import { pointerOf, trapMisaligned, trapOutOfBounds } from "./context.ts";
import { flatLengths, flattenPayload, flattenType } from "./flatten.ts";
import { alignment, elemSize } from "./layout.ts";
import { load, loadListFromRange } from "./load.ts";
import { f32FromBits, f64FromBits } from "./numbers.ts";
import { liftChar, liftFlags, liftHandle, recordOf } from "./shapes.ts";
import { loadStringFromRange } from "./strings.ts";
import type { ListType } from "./types.ts";
import { despecialize, isNumberTag, tupleOf } from "./types.ts";

/** A cursor over core values; `next` moves while values are lifted. */
export interface CoreValueIter {
  readonly values: readonly CoreValue[];
  next: number;
}

export function coreValueIter(values: readonly CoreValue[]): CoreValueIter {
  return { values, next: 0 };
}

function isCore(v: CoreValue, t: CoreType): boolean {
  if (t === "i64") return typeof v === "bigint" && BigInt.asUintN(64, v) === v;
  return typeof v === "number" && (t !== "i32" || v >>> 0 === v);
}

/** The next core value, which is of type `t`: integers are unsigned. */
function nextCore(flat: CoreValueIter, t: CoreType): CoreValue {
  const v = flat.values[flat.next];
  assert(v !== undefined && isCore(v, t), "V05", `validation promises an ${t}`);
  flat.next += 1;
  return v;
}

function nextI32(flat: CoreValueIter): number {
  return Number(nextCore(flat, "i32"));
}

const liftNumber: Readonly<Record<NumberTag, (flat: CoreValueIter) => number | bigint>> = {
  u8: (flat) => nextI32(flat) & 0xff,
  u16: (flat) => nextI32(flat) & 0xffff,
  u32: nextI32,
  u64: (flat) => nextCore(flat, "i64"),
  s8: (flat) => (nextI32(flat) << 24) >> 24,
  s16: (flat) => (nextI32(flat) << 16) >> 16,
  s32: (flat) => nextI32(flat) | 0,
  s64: (flat) => BigInt.asIntN(64, BigInt(nextCore(flat, "i64"))),
  f32: (flat) => nextCore(flat, "f32"),
  f64: (flat) => nextCore(flat, "f64"),
};

/** The value of type `t` that the next core values stand for. Traps as its parts do. */
export function liftFlat(c: Ctx, cx: LiftLowerContext, flat: CoreValueIter, t: ValType): Value {
  const u = despecialize(t);
  switch (u.tag) {
    case "bool":
      return nextI32(flat) !== 0;
    case "char":
      return liftChar(nextI32(flat));
    case "string":
      return loadStringFromRange(c, cx, ...nextPair(cx, flat));
    case "list":
      return liftFlatList(c, cx, flat, u);
    case "record": {
      const vs = u.fields.map((f) => liftFlat(c, cx, flat, f.t));
      return recordOf(t, u.fields, vs);
    }
    case "variant":
      return liftFlatVariant(c, cx, flat, u.cases);
    case "flags":
      return liftFlags(nextI32(flat), u.labels);
    case "own":
    case "borrow":
    case "stream":
    case "future":
    case "error-context":
      return liftHandle(c, cx, nextI32(flat), u);
    default:
      return liftNumber[u.tag](flat);
  }
}

function nextPair(cx: LiftLowerContext, flat: CoreValueIter): [CoreValue, CoreValue] {
  return [nextCore(flat, cx.opts.address), nextCore(flat, cx.opts.address)];
}

function liftFlatList(
  c: Ctx,
  cx: LiftLowerContext,
  flat: CoreValueIter,
  { t, length }: ListType,
): readonly Value[] | BulkValue {
  if (length === null) return loadListFromRange(c, cx, ...nextPair(cx, flat), t);
  const vs = Array.from({ length }, () => liftFlat(c, cx, flat, t));
  return isNumberTag(t.tag) ? bulkOf(t.tag, vs) : vs;
}

/** A core value that was joined into a slot of type `have`, as the type that its case wants. */
function coerce(v: CoreValue, have: CoreType, want: CoreType): CoreValue {
  if (have === want) return v;
  if (have === "i64" && want === "f64") return f64FromBits(BigInt(v));
  const i32 = Number(BigInt.asUintN(32, BigInt(v)));
  return want === "f32" ? f32FromBits(i32) : i32;
}

function liftFlatVariant(
  c: Ctx,
  cx: LiftLowerContext,
  flat: CoreValueIter,
  cases: readonly Case[],
): CaseValue {
  const chosen = cases[nextI32(flat)];
  if (chosen === undefined) throw new Trap("lift-variant.bad-discriminant");
  const { label, t } = chosen;
  const slots = flattenPayload(cases, cx.opts.address);
  const values = slots.map((have) => nextCore(flat, have));
  if (t === null) return { tag: "case", label, value: null };
  const wants = flattenType(t, cx.opts.address);
  const payload = wants.map((want, i) => coerce(values[i] ?? 0, slots[i] ?? want, want));
  return { tag: "case", label, value: liftFlat(c, cx, coreValueIter(payload), t) };
}

/** Mostly there is just one. */
function liftAll(
  c: Ctx,
  cx: LiftLowerContext,
  flat: CoreValueIter,
  ts: readonly ValType[],
): readonly Value[] {
  const first = ts[0];
  if (ts.length === 1 && first !== undefined) return [liftFlat(c, cx, flat, first)];
  return ts.map((t) => liftFlat(c, cx, flat, t));
}

/**
 * The values of types `ts`: from core values if they take at most `maxFlat` of them, otherwise from
 * the memory at the pointer that comes next (CanonicalABI.md, "Lifting and Lowering Values").
 * Traps `lift-params.*` or `lift-results.*` for a bad pointer, and as the values do.
 */
export function liftFlatValues(
  c: Ctx,
  cx: LiftLowerContext,
  maxFlat: number,
  flat: CoreValueIter,
  ts: readonly ValType[],
): readonly Value[] {
  if (flatLengths(ts) <= maxFlat) return liftAll(c, cx, flat, ts);
  const { address } = cx.opts;
  const ptr = pointerOf(nextCore(flat, address));
  const tuple = tupleOf(ts);
  const site = cx.scope?.tag === "task" ? "lift-results" : "lift-params";
  trapMisaligned(ptr, alignment(tuple, address), `${site}.misaligned`);
  trapOutOfBounds(c, cx, ptr, elemSize(tuple, address), `${site}.out-of-bounds`);
  return load(c, cx, ptr, tuple) as readonly Value[];
}
