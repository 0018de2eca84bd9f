// The memory that a script's bindings code manages: ranges are taken, held while a copy is under way, and given back.

import { writeBytes } from "../model/memory.ts";
import type { Place } from "./marshal.ts";

/** From here on ranges are taken; the bytes below are for payloads that are read at once. */
const heapStart = 16;

/** Where built-ins write payloads of at most 16 bytes: it is read before anything else runs. */
export const scratch = 0;

/** A range from its first byte to the one behind its last. */
export type Range = readonly [begin: number, end: number];

/**
 * What is taken, in an instance's globals: everything from `heapStart` to `heap` but the `free`
 * ranges, which are apart, in order, and below `heap`. So it says nothing of what was taken before.
 */
interface Heap {
  readonly heap: number;
  readonly free: readonly Range[];
  /** Ranges that a copy or the result of a call is in, by the index of the end or the subtask. */
  readonly held: Readonly<Record<number, Range>>;
}

const empty: Heap = { heap: heapStart, free: [], held: {} };

function heapOf({ c, instance }: Place): Heap {
  return (c.edit.instance.read(instance).globals["%heap"] as Heap | undefined) ?? empty;
}

/** Without anything taken the instance looks as if nothing ever was. */
function setHeap({ c, instance }: Place, heap: Heap): void {
  const inst = c.edit.instance.edit(instance);
  if (heap.heap !== heapStart) {
    inst.globals = { ...inst.globals, "%heap": heap };
    return;
  }
  const { "%heap": _, ...variables } = inst.globals;
  inst.globals = variables;
}

function aligned(ptr: number, align: number): number {
  return Math.ceil(ptr / align) * align;
}

/**
 * The lowest range of memory that fits, in bytes, all zeros unless a script wrote there unasked; it
 * may lie beyond the memory's end, where stores trap.
 */
export function allocate(place: Place, align: number, size: number): number {
  const before = heapOf(place);
  const step = Math.max(align, 1);
  if (size > 0 && before.free.length === 0 && before.heap % step === 0) {
    setHeap(place, { ...before, heap: before.heap + size });
    return before.heap;
  }
  const ranges = freeRanges(before);
  const at = ranges.findIndex(([from, to]) => aligned(from, step) + size <= to);
  const [begin, end] = ranges[at] ?? above(before);
  const ptr = aligned(begin, step);
  if (size === 0) return ptr;
  const left: Range[] = [
    [begin, ptr],
    [ptr + size, end],
  ];
  ranges.splice(at, 1, ...left.filter(([from, to]) => from < to));
  setHeap(place, { ...before, ...split(ranges) });
  return ptr;
}

/** All that lies above the heap. */
const above = ({ heap }: Heap): Range => [heap, Number.POSITIVE_INFINITY];

const freeRanges = (heap: Heap): Range[] => [...heap.free, above(heap)];

/** The last free range is all that lies above the heap. */
function split(ranges: readonly Range[]): Pick<Heap, "heap" | "free"> {
  return { heap: ranges.at(-1)?.[0] ?? heapStart, free: ranges.slice(0, -1) };
}

/** Gives a range back, with zeros in it. */
export function release(place: Place, ptr: number, size: number): void {
  if (size === 0) return;
  clear(place, ptr, size);
  const before = heapOf(place);
  if (before.free.length === 0 && ptr + size === before.heap) {
    setHeap(place, { ...before, heap: ptr });
    return;
  }
  const ranges = freeRanges(before);
  const next = ranges.findIndex(([begin]) => begin > ptr);
  ranges.splice(next, 0, [ptr, ptr + size]);
  const joined = ranges.reduce<Range[]>((all, range) => {
    const last = all.at(-1);
    if (last !== undefined && last[1] === range[0]) all.splice(-1, 1, [last[0], range[1]]);
    else all.push(range);
    return all;
  }, []);
  setHeap(place, { ...before, ...split(joined) });
}

/** Bytes that were read at once and are not needed any more: as if nobody had written them. */
export function clear({ c, opts }: Place, ptr: number, size: number): void {
  if (opts.memory === null || ptr + size > c.edit.memory.read(opts.memory).length) return;
  writeBytes(c.edit.memory.edit(opts.memory), ptr, new Uint8Array(size));
}

/** Keeps a range until the copy of an end, or a call, is over. */
export function hold(place: Place, index: number, ptr: number, size: number): void {
  if (size === 0) return;
  const heap = heapOf(place);
  setHeap(place, { ...heap, held: { ...heap.held, [index]: [ptr, ptr + size] } });
}

/** A copy or a call is over: whatever was held for it is free. */
export function letGo(place: Place, index: number | null): void {
  const heap = heapOf(place);
  if (index === null || heap.held[index] === undefined) return;
  const { [index]: range, ...held } = heap.held;
  setHeap(place, { ...heap, held });
  if (range !== undefined) release(place, range[0], range[1] - range[0]);
}

/** The end for whose copy the range at `ptr` is held; null if none is. */
export function holderOf(place: Place, ptr: number): number | null {
  const found = Object.entries(heapOf(place).held).find(([, [begin]]) => begin === ptr);
  return found === undefined ? null : Number(found[0]);
}

/** Does something, and says which ranges it took. */
export function taking<T>(
  place: Place,
  act: () => T,
): { readonly value: T; readonly taken: readonly Range[] } {
  const before = freeRanges(heapOf(place));
  const value = act();
  const after = freeRanges(heapOf(place));
  return { value, taken: before.flatMap((range) => outside(range, after)) };
}

/** The parts of a range that lie in none of `others`, which are in order. */
function outside([begin, end]: Range, others: readonly Range[]): readonly Range[] {
  const parts: Range[] = [];
  let from = begin;
  for (const [b, e] of others) {
    if (e <= from || b >= end) continue;
    if (b > from) parts.push([from, b]);
    from = e;
  }
  return from < end ? [...parts, [from, end]] : parts;
}

export function releaseAll(place: Place, ranges: readonly Range[]): void {
  for (const [begin, end] of ranges) release(place, begin, end - begin);
}
