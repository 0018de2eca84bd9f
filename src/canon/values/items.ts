// What is left to lower, as data: a stack of items that survives a call of realloc. Mirrors spec/01.

import type { CoreType, ValType } from "../../model/types.ts";
import type { BulkValue, CoreValue, StringValue, Value } from "../../model/values.ts";
import type { Ctx } from "../machine.ts";
import type { LiftLowerContext } from "./context.ts";
import { corePointer, storeBytes } from "./context.ts";
import { pointerSize } from "./layout.ts";
import { viewOf } from "./numbers.ts";

/** Where the pointer and length of a string or list go. */
export type Dest = { readonly tag: "memory"; readonly ptr: number } | { readonly tag: "flat" };

/** One thing left to do. Items with a past participle wait for the pointer that realloc gives. */
export type LowerItem =
  | { readonly tag: "store"; readonly v: Value; readonly t: ValType; readonly ptr: number }
  /** Stores the elements from `next` on; element 0 is at `ptr`. */
  | {
      readonly tag: "range";
      readonly vs: readonly Value[];
      readonly next: number;
      readonly t: ValType;
      readonly ptr: number;
    }
  /** Stores all elements of a list, in bulk if it can. */
  | {
      readonly tag: "elements";
      readonly vs: readonly Value[] | BulkValue;
      readonly t: ValType;
      readonly ptr: number;
    }
  /** Copies bytes that mean the same in both memories. */
  | {
      readonly tag: "bytes";
      readonly from: LiftLowerContext;
      readonly src: number;
      readonly ptr: number;
      readonly size: number;
    }
  /** Appends the core values of `v`. */
  | { readonly tag: "flat"; readonly v: Value; readonly t: ValType }
  /** Brings the core values from index `at` on from the types of a case to those of its variant. */
  | {
      readonly tag: "coerce";
      readonly at: number;
      readonly have: readonly CoreType[];
      readonly want: readonly CoreType[];
    }
  | {
      readonly tag: "place";
      readonly dest: Dest;
      readonly begin: number;
      readonly length: number | bigint;
    }
  | {
      readonly tag: "list-allocated";
      readonly vs: readonly Value[] | BulkValue;
      readonly t: ValType;
      readonly dest: Dest;
    }
  | { readonly tag: "string-allocated"; readonly v: StringValue; readonly dest: Dest }
  /** `done` code units were stored before the string had to grow. */
  | {
      readonly tag: "string-grown";
      readonly v: StringValue;
      readonly dest: Dest;
      readonly done: number;
    }
  | {
      readonly tag: "string-shrunk";
      readonly dest: Dest;
      readonly align: number;
      readonly size: number;
      readonly length: bigint;
    }
  /** Parameters that do not fit into core values. */
  | { readonly tag: "spill"; readonly values: readonly Value[]; readonly t: ValType }
  | { readonly tag: "spill-allocated"; readonly values: readonly Value[]; readonly t: ValType };

/** A call of realloc, all in bytes; an allocation has no old range. */
export interface Request {
  readonly old: number;
  readonly oldSize: number;
  readonly align: number;
  readonly newSize: number;
}

/** The state of a lowering between two calls of realloc; the last item comes next. */
export interface Work {
  readonly c: Ctx;
  readonly cx: LiftLowerContext;
  readonly todo: LowerItem[];
  flat: CoreValue[];
}

/** A request for a new range. */
export function allocation(align: number, newSize: number): Request {
  return { old: 0, oldSize: 0, align, newSize };
}

/** Writes the pointer and length of a string or list to where they belong. */
export function place(
  { c, cx, flat }: Work,
  dest: Dest,
  begin: number,
  length: number | bigint,
): void {
  if (dest.tag === "flat") {
    flat.push(corePointer(cx, begin), corePointer(cx, length));
    return;
  }
  const width = pointerSize[cx.opts.address];
  const bytes = new Uint8Array(2 * width);
  const view = viewOf(bytes);
  for (const [i, n] of [begin, length].entries()) {
    if (width === 8) view.setBigUint64(i * width, BigInt(n), true);
    else view.setUint32(i * width, Number(n), true);
  }
  storeBytes(c, cx, dest.ptr, bytes);
}
