// Buffers: where a copy takes its elements from and puts them. Mirrors spec/05 and CanonicalABI.md, "Buffer State".

import type { Frame } from "../model/frames.ts";
import type { InstanceId, WaitableId } from "../model/ids.ts";
import type { CanonicalOptions } from "../model/program.ts";
import type { Buffer } from "../model/store.ts";
import type { ValType } from "../model/types.ts";
import type { Value } from "../model/values.ts";
import { giveValues } from "./host-values.ts";
import { assert, become, type Ctx, trapIf } from "./machine.ts";
import { bulkElements, isBulk } from "./values/bulk.ts";
import type { LiftLowerContext } from "./values/context.ts";
import { alignment, alignTo, elemSize } from "./values/layout.ts";
import { loadElements } from "./values/load.ts";
import { moveBytesFrame, storeElementsFrame } from "./values/lower.ts";
import { isIntegerTag } from "./values/numbers.ts";

/** `Buffer.MAX_LENGTH`, in elements. */
const maxBufferLength: number = 2 ** 28 - 1;

export function remain(buffer: Buffer): number {
  return buffer.length - buffer.progress;
}

/** The same buffer when `n` more elements went through it. */
export function advanced(buffer: Buffer, n: number): Buffer {
  const progress = buffer.progress + n;
  if (buffer.tag === "host") return { ...buffer, progress };
  const { instance, opts, ptr, length } = buffer;
  return { tag: "guest", instance, opts, ptr, progress, length };
}

/** A guest's buffer of `length` elements at `ptr`; traps unless it lies aligned within the memory. */
export function guestBuffer(
  c: Ctx,
  instance: InstanceId,
  opts: CanonicalOptions,
  t: ValType | null,
  ptr: number,
  length: number,
): Buffer {
  trapIf(c, length > maxBufferLength, "too-long");
  if (t !== null && length > 0) {
    assert(opts.memory !== null, "M07", "validation requires a memory here");
    const bytes = length * elemSize(t, opts.address);
    trapIf(c, ptr !== alignTo(ptr, alignment(t, opts.address)), "misaligned");
    trapIf(c, ptr + bytes > c.edit.memory.read(opts.memory).length, "out-of-bounds");
  }
  return { tag: "guest", instance, opts, ptr, progress: 0, length };
}

function context(buffer: Buffer & { tag: "guest" }): LiftLowerContext {
  return { instance: buffer.instance, opts: buffer.opts, scope: null, handles: "abi" };
}

function at(buffer: Buffer & { tag: "guest" }, t: ValType): number {
  return buffer.ptr + buffer.progress * elemSize(t, buffer.opts.address);
}

/** The next `n` elements of a source as a host keeps them; of a type without payload, `n` units. */
function valuesOf(c: Ctx, t: ValType | null, src: Buffer, n: number): readonly Value[] {
  if (src.tag === "host") return givenBy(c, t, src.values.slice(src.progress, src.progress + n));
  if (t === null) return new Array(n).fill([]);
  const loaded = loadElements(c, context(src), at(src, t), n, t);
  return isBulk(loaded) ? bulkElements(loaded) : loaded;
}

function givenBy(c: Ctx, t: ValType | null, vs: readonly Value[]): readonly Value[] {
  if (t !== null) giveValues(c, vs, new Array<ValType>(vs.length).fill(t));
  return vs;
}

/** What stands below the store of a move: how far both buffers advance, and what went through. */
export interface MovedFrame extends Frame {
  readonly tag: "copy.moved" | "copy.moved-before-719";
  readonly waitable: WaitableId;
  readonly buffer: Buffer;
  readonly n: number;
  readonly values: readonly Value[];
}

type MoveEnd = Pick<MovedFrame, "tag" | "waitable" | "buffer">;

/** What went through from guest to guest is nobody's business. */
const notTold: readonly Value[] = [];

/** Reads `n` elements from `src`; the running rule becomes what stores them and goes on with `next`. */
export function move(
  c: Ctx,
  t: ValType | null,
  src: Buffer,
  dst: Buffer,
  n: number,
  next: MoveEnd,
): void {
  const { tag, waitable, buffer } = next;
  if (dst.tag === "host") {
    become(c, { tag, waitable, buffer, n, values: valuesOf(c, t, src, n) });
    return;
  }
  become(c, { tag, waitable, buffer, n, values: notTold }, storing(c, t, src, dst, n));
}

/** What stores the elements in a guest's memory; nothing for a type without payload. */
function storing(
  c: Ctx,
  t: ValType | null,
  src: Buffer,
  dst: Buffer & { tag: "guest" },
  n: number,
): Frame | null {
  if (t === null) return null;
  const to = at(dst, t);
  if (src.tag === "host") return storeElementsFrame(context(dst), valuesOf(c, t, src, n), t, to);
  if (isIntegerTag(t.tag)) {
    const bytes = n * elemSize(t, src.opts.address);
    return moveBytesFrame(context(src), at(src, t), context(dst), to, bytes);
  }
  const loaded = loadElements(c, context(src), at(src, t), n, t);
  return storeElementsFrame(context(dst), loaded, t, to);
}
