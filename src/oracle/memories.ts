// The memories of an instance, as traces have them: what they hold, and what of it is other than before. Mirrors spec/15.

import type { Ctx } from "../canon/machine.ts";
import { toHex } from "../model/hex.ts";
import type { InstanceId, MemoryId } from "../model/ids.ts";
import { pageOf, pageSize, readBytes } from "../model/memory.ts";
import type { Memory } from "../model/store.ts";
import type { System } from "../scheduler/machine.ts";
import type { MemoryBytes } from "./format/trace.ts";

/** The memories of an instance, in the order in which they are made. */
export function memoriesIn(
  { memories }: Pick<System, "memories">,
  c: Ctx,
  instance: InstanceId,
): readonly MemoryId[] {
  const listed = memories?.[instance];
  if (listed !== undefined) return listed;
  const { memory } = c.edit.instance.read(instance);
  return memory === null ? [] : [memory];
}

/** Bytes from one address up to another. */
interface Range {
  readonly from: number;
  to: number;
}

/** Ranges with fewer bytes than that between them become one: a small integer changes in its low bytes. */
const nearby = 8;

function addByte(ranges: Range[], at: number): void {
  const last = ranges[ranges.length - 1];
  if (last !== undefined && at < last.to + nearby) last.to = at + 1;
  else ranges.push({ from: at, to: at + 1 });
}

function addPage(
  ranges: Range[],
  before: Readonly<Memory>,
  after: Readonly<Memory>,
  p: number,
): void {
  const [old, fresh] = [pageOf(before, p), pageOf(after, p)];
  if (old === fresh) return;
  const size = Math.min(pageSize, after.length - p * pageSize);
  for (let i = 0; i < size; i++) {
    if ((old?.[i] ?? 0) !== (fresh?.[i] ?? 0)) addByte(ranges, p * pageSize + i);
  }
}

function rangesOf(before: Readonly<Memory>, after: Readonly<Memory>): readonly Range[] {
  const ranges: Range[] = [];
  for (const [l, leaf] of after.leaves.entries()) {
    const old = before.leaves[l] ?? null;
    const pages = old === leaf ? 0 : (leaf ?? old ?? []).length;
    for (let i = 0; i < pages; i++) addPage(ranges, before, after, l * pages + i);
  }
  return ranges;
}

/** What the memory holds now where it held something else before; what it grew by held zeros. */
export function changedBytes(
  before: Readonly<Memory>,
  after: Readonly<Memory>,
): readonly MemoryBytes[] {
  if (before === after) return [];
  return rangesOf(before, after).map(({ from, to }) => {
    return { at: from, bytes: toHex(readBytes(after, from, to - from)) };
  });
}

/** `n` bytes of a memory; null: it does not have them. */
export function heldBytes(memory: Readonly<Memory>, at: number, n: number): Uint8Array | null {
  return at + n > memory.length ? null : readBytes(memory, at, n);
}

/** Whether a memory holds these bytes at an address. */
export function holds(memory: Readonly<Memory>, at: number, bytes: Uint8Array): boolean {
  return heldBytes(memory, at, bytes.length)?.every((byte, i) => byte === bytes[i]) ?? false;
}
