// What lifting and lowering need to know: whose memory, which options, which scope. Mirrors spec/01.

import type { InstanceId, MemoryId, TaskId, WaitableId } from "../../model/ids.ts";
import { copyBytes, readBytes, readInt, writeBytes, writeInt } from "../../model/memory.ts";
import type { CanonicalOptions } from "../../model/program.ts";
import type { Memory } from "../../model/store.ts";
import type { CoreValue } from "../../model/values.ts";
import type { Ctx } from "../machine.ts";
import { assert, trapAt } from "../machine.ts";

/**
 * Where values are lifted from or lowered into; plain data (CanonicalABI.md, "Lifting and Lowering
 * Context"). `scope` is the borrow scope: a subtask while its arguments are lifted, a task while
 * its arguments are lowered. With `"raw"` handles a handle is its index: bindings code of a guest
 * stores and loads its own memory and has no access to the table.
 */
export interface LiftLowerContext {
  readonly instance: InstanceId;
  readonly opts: CanonicalOptions;
  readonly scope:
    | { readonly tag: "task"; readonly task: TaskId }
    | { readonly tag: "subtask"; readonly waitable: WaitableId }
    | null;
  readonly handles: "abi" | "raw";
}

function memoryId(cx: LiftLowerContext): MemoryId {
  assert(cx.opts.memory !== null, "V01", "validation requires a memory for types that use one");
  return cx.opts.memory;
}

function memory(c: Ctx, cx: LiftLowerContext): Readonly<Memory> {
  return c.edit.memory.read(memoryId(cx));
}

/** Traps unless `ptr` is a multiple of `align`. */
export function trapMisaligned(ptr: number, align: number, code: string): void {
  trapAt(ptr % align !== 0, code);
}

/** Traps unless `size` bytes at `ptr` lie in the memory; a range may end exactly at its end. */
export function trapOutOfBounds(
  c: Ctx,
  cx: LiftLowerContext,
  ptr: number,
  size: number,
  code: string,
): void {
  trapAt(ptr + size > memory(c, cx).length, code);
}

/** A copy of `size` bytes at `ptr`, which the caller has checked. */
export function loadBytes(c: Ctx, cx: LiftLowerContext, ptr: number, size: number): Uint8Array {
  assert(ptr + size <= memory(c, cx).length, "V02", "a load stays in the memory");
  return readBytes(memory(c, cx), ptr, size);
}

/** The unsigned integer of `n` <= 4 bytes at `ptr`, which the caller has checked. */
export function loadInt(c: Ctx, cx: LiftLowerContext, ptr: number, n: number): number {
  assert(ptr + n <= memory(c, cx).length, "V02", "a load stays in the memory");
  return readInt(memory(c, cx), ptr, n);
}

/** Copies `size` bytes from one memory to another, or within one; the caller has checked both ranges. */
export function moveBytes(
  c: Ctx,
  from: LiftLowerContext,
  src: number,
  to: LiftLowerContext,
  dst: number,
  size: number,
): void {
  assert(src + size <= memory(c, from).length, "V02", "a load stays in the memory");
  assert(dst + size <= memory(c, to).length, "V03", "a store stays in the memory");
  const apart = memoryId(from) !== memoryId(to) || Math.abs(src - dst) >= size;
  const into = c.edit.memory.edit(memoryId(to));
  if (apart) copyBytes(memory(c, from), src, into, dst, size);
  else writeBytes(into, dst, readBytes(memory(c, from), src, size));
}

/** Writes bytes at `ptr`, which the caller has checked. */
export function storeBytes(c: Ctx, cx: LiftLowerContext, ptr: number, bytes: Uint8Array): void {
  assert(ptr + bytes.length <= memory(c, cx).length, "V03", "a store stays in the memory");
  if (bytes.length > 0) writeBytes(c.edit.memory.edit(memoryId(cx)), ptr, bytes);
}

/** Writes the `n` <= 4 bytes of an integer at `ptr`, which the caller has checked. */
export function storeInt(
  c: Ctx,
  cx: LiftLowerContext,
  value: number,
  ptr: number,
  n: number,
): void {
  assert(ptr + n <= memory(c, cx).length, "V03", "a store stays in the memory");
  writeInt(c.edit.memory.edit(memoryId(cx)), value, ptr, n);
}

const beyond = 2 ** 52;

/**
 * A core pointer or length as a number. Above 2^53 the exact value is lost, but not that it is too
 * big for any memory, nor its alignment.
 */
export function pointerOf(value: CoreValue): number {
  const exact = Number(value);
  return Number.isSafeInteger(exact) ? exact : beyond + Number(BigInt(value) & 7n);
}

/** A pointer or length as a core value of the memory's address type. */
export function corePointer(cx: LiftLowerContext, value: number | bigint): CoreValue {
  return cx.opts.address === "i64" ? BigInt(value) : Number(value);
}

/** The pointer or length at `at` of some loaded bytes, as a core value. */
export function readPointer(cx: LiftLowerContext, view: DataView, at: number): CoreValue {
  return cx.opts.address === "i64" ? view.getBigUint64(at, true) : view.getUint32(at, true);
}
