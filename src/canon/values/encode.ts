// Storing values that need no allocation: one write for a whole range. Mirrors spec/01.

import type { Case, Field, ValType } from "../../model/types.ts";
import type { BulkValue, Value } from "../../model/values.ts";
import type { Ctx } from "../machine.ts";
import { assert } from "../machine.ts";
import { isBulk, listLength, lowerBulk } from "./bulk.ts";
import type { LiftLowerContext } from "./context.ts";
import { loadBytes, storeBytes, storeInt } from "./context.ts";
import {
  alignment,
  discriminantSize,
  elemSize,
  fieldOffsets,
  flagsSize,
  payloadOffset,
} from "./layout.ts";
import {
  canonicalNans,
  isWordTag,
  nansOf,
  numberOf,
  numberSize,
  viewOf,
  writeNumber,
} from "./numbers.ts";
import {
  fieldsOf,
  listOf,
  lowerBool,
  lowerChar,
  lowerFlags,
  lowerHandle,
  matchCase,
} from "./shapes.ts";
import type { ListType } from "./types.ts";
import { despecialize } from "./types.ts";

interface Target {
  readonly c: Ctx;
  readonly cx: LiftLowerContext;
  readonly view: DataView;
}

/**
 * Stores `v` at `ptr`, which is aligned and in bounds; bytes of padding keep what they were. No
 * guest code runs in between, so nobody can tell one write from many.
 */
export function storeValue(c: Ctx, cx: LiftLowerContext, v: Value, t: ValType, ptr: number): void {
  const { address } = cx.opts;
  assert(ptr % alignment(t, address) === 0, "V06", "a store is aligned");
  if (isWordTag(t.tag)) {
    storeInt(c, cx, Number(numberOf(t.tag, v)), ptr, numberSize[t.tag]);
    return;
  }
  const bytes = loadBytes(c, cx, ptr, elemSize(t, address));
  encode({ c, cx, view: viewOf(bytes) }, 0, v, t);
  storeBytes(c, cx, ptr, bytes);
}

/** Stores the elements of a list in a row from `ptr`, which is aligned and in bounds. */
export function storeElements(
  c: Ctx,
  cx: LiftLowerContext,
  vs: readonly Value[] | BulkValue,
  t: ValType,
  ptr: number,
): void {
  const { address } = cx.opts;
  assert(ptr % alignment(t, address) === 0, "V06", "a store is aligned");
  const bytes = loadBytes(c, cx, ptr, listLength(vs) * elemSize(t, address));
  encodeElements({ c, cx, view: viewOf(bytes) }, 0, vs, t);
  storeBytes(c, cx, ptr, bytes);
}

/** Stores the discriminant of a variant. */
export function storeDiscriminant(
  c: Ctx,
  cx: LiftLowerContext,
  index: number,
  cases: readonly Case[],
  ptr: number,
): void {
  const bytes = new Uint8Array(discriminantSize(cases));
  writeUnsigned(viewOf(bytes), 0, index, discriminantSize(cases));
  storeBytes(c, cx, ptr, bytes);
}

function encode(target: Target, at: number, v: Value, t: ValType): void {
  const { c, cx, view } = target;
  const u = despecialize(t);
  switch (u.tag) {
    case "bool":
      view.setUint8(at, lowerBool(v));
      break;
    case "char":
      view.setUint32(at, lowerChar(v), true);
      break;
    case "list":
      encodeFixedList(target, at, v, u);
      break;
    case "record":
      encodeFields(target, at, fieldsOf(v, t, u.fields), u.fields);
      break;
    case "variant":
      encodeVariant(target, at, v, u.cases);
      break;
    case "flags":
      writeUnsigned(view, at, lowerFlags(v, u.labels), flagsSize(u.labels));
      break;
    case "own":
    case "borrow":
    case "stream":
    case "future":
    case "error-context":
      view.setUint32(at, lowerHandle(c, cx, v, u), true);
      break;
    default:
      assert(u.tag !== "string", "V07", "a string needs an allocation");
      writeNumber(u.tag, view, at, v, nansOf(c));
  }
}

/** The elements of a fixed-length list. */
export function fixedListOf(v: Value, { length }: ListType): readonly Value[] | BulkValue {
  const vs = listOf(v);
  assert(listLength(vs) === length, "V08", "a fixed-length list has its length");
  return vs;
}

function encodeFixedList(target: Target, at: number, v: Value, u: ListType): void {
  assert(u.length !== null, "V07", "a list needs an allocation");
  encodeElements(target, at, fixedListOf(v, u), u.t);
}

function encodeElements(
  target: Target,
  at: number,
  vs: readonly Value[] | BulkValue,
  t: ValType,
): void {
  if (isBulk(vs)) {
    assert(vs.t === t.tag, "V09", "a list of numbers has the element type of its list");
    const { buffer, byteOffset } = target.view;
    new Uint8Array(buffer, byteOffset + at).set(lowerBulk(vs, nansOf(target.c)));
    return;
  }
  const size = elemSize(t, target.cx.opts.address);
  for (const [i, v] of vs.entries()) encode(target, at + i * size, v, t);
}

function encodeFields(
  target: Target,
  at: number,
  vs: readonly Value[],
  fields: readonly Field[],
): void {
  const offsets = fieldOffsets(fields, target.cx.opts.address);
  for (const [i, f] of fields.entries()) {
    encode(target, at + (offsets[i] ?? 0), vs[i] as Value, f.t);
  }
}

function encodeVariant(target: Target, at: number, v: Value, cases: readonly Case[]): void {
  const { index, payload } = matchCase(v, cases);
  writeUnsigned(target.view, at, index, discriminantSize(cases));
  if (payload === null) return;
  encode(target, at + payloadOffset(cases, target.cx.opts.address), payload.v, payload.t);
}

function writeUnsigned(view: DataView, at: number, v: number, size: 1 | 2 | 4): void {
  const t = ({ 1: "u8", 2: "u16", 4: "u32" } as const)[size];
  writeNumber(t, view, at, v, canonicalNans);
}
