// Lowering: values into core values and memory, as a frame and its rule, or at once. Mirrors spec/01.

import type { Frame } from "../../model/frames.ts";
import type { ValType } from "../../model/types.ts";
import type { BulkValue, CoreValue, Value } from "../../model/values.ts";
import type { Ctx } from "../machine.ts";
import { assert, Bug, become, finish, takeCore } from "../machine.ts";
import { callRealloc } from "../realloc.ts";
import type { Rules } from "../rule.ts";
import type { LiftLowerContext } from "./context.ts";
import { loadBytes, pointerOf, storeBytes, trapMisaligned, trapOutOfBounds } from "./context.ts";
import { flatLengths } from "./flatten.ts";
import type { LowerItem, Request, Work } from "./items.ts";
import { alignment, elemSize } from "./layout.ts";
import { tupleOf } from "./types.ts";
import { advance } from "./work.ts";

/**
 * A lowering on a thread's continuation: it returns the core values in `flat`. With `waiting` it
 * takes the pointer that realloc returned.
 */
export interface LowerFrame extends Frame {
  readonly tag: "lower.values";
  readonly cx: LiftLowerContext;
  /** a stack: the last item comes next */
  readonly todo: readonly LowerItem[];
  readonly flat: readonly CoreValue[];
  readonly waiting: boolean;
}

const nothingYet: readonly CoreValue[] = [];

function frameOf(cx: LiftLowerContext, todo: readonly LowerItem[]): LowerFrame {
  return { tag: "lower.values", cx, todo, flat: nothingYet, waiting: false };
}

function flatItems(values: readonly Value[], ts: readonly ValType[]): readonly LowerItem[] {
  const first = ts[0];
  if (ts.length === 1 && first !== undefined) {
    return [{ tag: "flat", v: values[0] as Value, t: first }];
  }
  return ts.map((_, i): LowerItem => {
    const at = ts.length - 1 - i;
    return { tag: "flat", v: values[at] as Value, t: ts[at] as ValType };
  });
}

/** The items that lower all of `values`, or that spill them into memory. */
function itemsOf(
  c: Ctx,
  cx: LiftLowerContext,
  maxFlat: number,
  values: readonly Value[],
  ts: readonly ValType[],
  outPtr: CoreValue | null,
): readonly LowerItem[] {
  assert(values.length === ts.length, "V43", "each value has a type");
  if (flatLengths(ts) <= maxFlat) {
    return flatItems(values, ts);
  }
  if (outPtr === null) return [{ tag: "spill", values, t: tupleOf(ts) }];
  // a tuple of one lies in memory as its only value does
  const alone = ts.length === 1;
  const t = alone ? (ts[0] as ValType) : tupleOf(ts);
  const ptr = pointerOf(outPtr);
  const { address } = cx.opts;
  trapMisaligned(ptr, alignment(t, address), "lower-results.misaligned");
  trapOutOfBounds(c, cx, ptr, elemSize(t, address), "lower-results.out-of-bounds");
  return [{ tag: "store", v: alone ? (values[0] as Value) : values, t, ptr }];
}

/**
 * The frame that lowers `values`: into core values if they take at most `maxFlat` of them, otherwise
 * into memory, which is at `outPtr` or, if that is null, allocated; then the one core value is its
 * pointer (CanonicalABI.md, "Lifting and Lowering Values"). `outPtr` is not looked at when the
 * values are flat. Traps `lower-results.*` now and `lower-*` when it runs.
 */
export function lowerFlatValuesFrame(
  c: Ctx,
  cx: LiftLowerContext,
  maxFlat: number,
  values: readonly Value[],
  ts: readonly ValType[],
  outPtr: CoreValue | null,
): LowerFrame {
  return frameOf(cx, itemsOf(c, cx, maxFlat, values, ts, outPtr));
}

/** The frame that stores elements in a row from `ptr`, which is aligned and in bounds; returns nothing. */
export function storeElementsFrame(
  cx: LiftLowerContext,
  vs: readonly Value[] | BulkValue,
  t: ValType,
  ptr: number,
): LowerFrame {
  return frameOf(cx, [{ tag: "elements", vs, t, ptr }]);
}

/** The frame that copies `size` bytes between two ranges that are in bounds; returns nothing. */
export function moveBytesFrame(
  from: LiftLowerContext,
  src: number,
  to: LiftLowerContext,
  dst: number,
  size: number,
): LowerFrame {
  return frameOf(to, [{ tag: "bytes", from, src, ptr: dst, size }]);
}

function takePointer(c: Ctx): number {
  const [ptr] = takeCore(c);
  assert(ptr !== undefined, "V42", "realloc returns a pointer");
  return pointerOf(ptr);
}

/** Lowers as far as it can, and finishes with the core values or calls realloc. */
export function lowerValues(c: Ctx, frame: LowerFrame): void {
  const { cx, todo, flat, waiting } = frame;
  const work: Work = { c, cx, todo: todo.slice(), flat: flat.slice() };
  const request = advance(work, waiting ? takePointer(c) : 0);
  if (request === null) {
    finish(c, { tag: "core", values: work.flat });
    return;
  }
  const { old, oldSize, align, newSize } = request;
  become(c, { tag: "lower.values", cx, todo: work.todo, flat: work.flat, waiting: true });
  callRealloc(c, cx, old, oldSize, align, newSize);
}

export const lowerValuesRules: Rules = { "lower.values": lowerValues };

/** Gives `size` bytes aligned to `align`, in bounds: how bindings code allocates its own memory. */
export type Allocate = (align: number, size: number) => number;

function noMemory(): never {
  throw new Bug("V41", "a value that needs an allocation is stored with an allocator");
}

/** Reallocates in place, or by allocating and copying. */
function answer(work: Work, request: Request, allocate: Allocate): number {
  const { old, oldSize, align, newSize } = request;
  if (oldSize > 0 && newSize <= oldSize && old % align === 0) return old;
  const ptr = allocate(align, newSize);
  const kept = loadBytes(work.c, work.cx, old, Math.min(oldSize, newSize));
  storeBytes(work.c, work.cx, ptr, kept);
  return ptr;
}

function lowerNow(
  c: Ctx,
  cx: LiftLowerContext,
  items: readonly LowerItem[],
  allocate: Allocate,
): readonly CoreValue[] {
  const work: Work = { c, cx, todo: [...items], flat: [] };
  let ptr = 0;
  for (let request = advance(work, ptr); request !== null; request = advance(work, ptr)) {
    ptr = answer(work, request, allocate);
  }
  return work.flat;
}

/** Stores `v` at `ptr` at once: what bindings code does to its own memory. */
export function storeNow(
  c: Ctx,
  cx: LiftLowerContext,
  v: Value,
  t: ValType,
  ptr: number,
  allocate: Allocate = noMemory,
): void {
  lowerNow(c, cx, [{ tag: "store", v, t, ptr }], allocate);
}

/** The core values of `values` at once, spilled into allocated memory if they exceed `maxFlat`. */
export function lowerFlatNow(
  c: Ctx,
  cx: LiftLowerContext,
  maxFlat: number,
  values: readonly Value[],
  ts: readonly ValType[],
  allocate: Allocate = noMemory,
): readonly CoreValue[] {
  return lowerNow(c, cx, itemsOf(c, cx, maxFlat, values, ts, null), allocate);
}
