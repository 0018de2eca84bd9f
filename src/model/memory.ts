// Linear memory as a tree of copy-on-write pages: bulk reads and writes. Mirrors spec/01.

import type { Leaf, Memory } from "./store.ts";

/** Bytes in one copy-on-write page, as a power of 2; not a WebAssembly page. */
const pageBits = 10;
export const pageSize: number = 1 << pageBits;

/** Pages in one leaf of the tree, as a power of 2. */
const leafBits = 8;
const leafSize: number = 1 << leafBits;

const leavesFor = (length: number): number => Math.ceil(length / (pageSize * leafSize));

export function newMemory(address: Memory["address"], length: number): Memory {
  return { address, length, leaves: new Array<Leaf | null>(leavesFor(length)).fill(null) };
}

/** Bits in one number of a list: so few that the list holds small integers only. */
const bitsEach = 16;

/** What a memory copied itself: only those leaves and pages may it change in place. */
interface Owner {
  readonly memory: Memory;
  /** by leaf: which of its pages, a bit each; null for a leaf that is shared */
  readonly owned: (number[] | null)[];
}

/** Some memories that were written lately. One that is forgotten copies its pages once more: no harm. */
const owners: Owner[] = [];
const mostOwners = 16;
/** Where the next new one goes. */
let next = 0;
/** The one that was asked for last, which mostly is asked for again. */
let last: Owner | null = null;

function ownerOf(memory: Memory): Owner {
  if (last !== null && last.memory === memory) return last;
  last = owners.find((owner) => owner.memory === memory) ?? newOwner(memory);
  return last;
}

function newOwner(memory: Memory): Owner {
  memory.leaves = memory.leaves.slice();
  const owned = new Array<number[] | null>(memory.leaves.length).fill(null);
  const owner: Owner = { memory, owned };
  owners[next] = owner;
  next = (next + 1) % mostOwners;
  return owner;
}

/** A leaf that may be written, whose pages are shared as before. */
function copyLeaf(memory: Memory, l: number, owner: Owner): number[] {
  const leaf = memory.leaves[l] ?? null;
  const copy = leaf === null ? new Array<Uint8Array | null>(leafSize).fill(null) : leaf.slice();
  (memory.leaves as (Leaf | null)[])[l] = copy;
  const mine = new Array<number>(leafSize / bitsEach).fill(0);
  owner.owned[l] = mine;
  return mine;
}

function copyPage(memory: Memory, p: number, leaf: (Uint8Array | null)[]): Uint8Array {
  const page = leaf[p & (leafSize - 1)] ?? null;
  const size = Math.min(pageSize, memory.length - p * pageSize);
  const copy = page === null ? new Uint8Array(size) : page.slice();
  leaf[p & (leafSize - 1)] = copy;
  return copy;
}

/**
 * Page `p` of a memory that the caller may mutate, to write to until the end of the step; the pages that
 * are not asked for stay shared.
 */
export function ownPage(memory: Memory, p: number): Uint8Array {
  const owner = ownerOf(memory);
  const l = p >>> leafBits;
  const i = p & (leafSize - 1);
  const mine = owner.owned[l] ?? copyLeaf(memory, l, owner);
  const leaf = memory.leaves[l] as (Uint8Array | null)[];
  const page = leaf[i] ?? null;
  const bits = mine[i >> 4] ?? 0;
  const bit = 1 << (i & (bitsEach - 1));
  if (page !== null && (bits & bit) !== 0) return page;
  mine[i >> 4] = bits | bit;
  return copyPage(memory, p, leaf);
}

/** Page `p` as it is; null: all zeros. */
export function pageOf(memory: Readonly<Memory>, p: number): Uint8Array | null {
  return memory.leaves[p >>> leafBits]?.[p & (leafSize - 1)] ?? null;
}

/** A copy of `n` bytes at `ptr`; the caller has checked the bounds. */
export function readBytes(memory: Readonly<Memory>, ptr: number, n: number): Uint8Array {
  const out = new Uint8Array(n);
  for (let done = 0; done < n; ) {
    const at = ptr + done;
    const offset = at % pageSize;
    const take = Math.min(pageSize - offset, n - done);
    const page = pageOf(memory, at >>> pageBits);
    if (page) out.set(page.subarray(offset, offset + take), done);
    done += take;
  }
  return out;
}

/**
 * Writes `bytes` at `ptr` into a memory that the caller may mutate: it came from `edit`, or is new. A
 * page that other stores share is copied once and then changed in place.
 */
export function writeBytes(memory: Memory, ptr: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    const at = ptr + done;
    const offset = at % pageSize;
    const take = Math.min(pageSize - offset, bytes.length - done);
    const page = ownPage(memory, at >>> pageBits);
    page.set(take === bytes.length ? bytes : bytes.subarray(done, done + take), offset);
    done += take;
  }
}

/**
 * Copies `n` bytes from `src` at `from` to `dst` at `to`, which may be the same memory, but then the
 * ranges may not overlap; page by page, without a copy in between.
 */
export function copyBytes(
  src: Readonly<Memory>,
  from: number,
  dst: Memory,
  to: number,
  n: number,
): void {
  for (let done = 0; done < n; ) {
    const offset = (from + done) % pageSize;
    const into = (to + done) % pageSize;
    const take = Math.min(pageSize - Math.max(offset, into), n - done);
    const source = pageOf(src, (from + done) >>> pageBits);
    const p = (to + done) >>> pageBits;
    if (source !== null) copyRange(source, offset, ownPage(dst, p), into, take);
    else if (pageOf(dst, p) !== null) ownPage(dst, p).fill(0, into, into + take);
    done += take;
  }
}

/** Below this many bytes a loop is faster than a view. */
const few = 48;

function copyRange(
  source: Uint8Array,
  offset: number,
  page: Uint8Array,
  into: number,
  n: number,
): void {
  if (n < few) for (let i = 0; i < n; i++) page[into + i] = source[offset + i] ?? 0;
  else page.set(n < source.length ? source.subarray(offset, offset + n) : source, into);
}

/** As `copyBytes`, but within one memory and for ranges that may overlap. */
export function moveBytes(memory: Memory, from: number, to: number, n: number): void {
  if (to <= from || to >= from + n) {
    const step = to < from ? from - to : n;
    for (let done = 0; done < n; done += step) {
      copyBytes(memory, from + done, memory, to + done, Math.min(step, n - done));
    }
    return;
  }
  for (let left = n; left > 0; ) {
    const take = Math.min(pageSize, left);
    left -= take;
    writeBytes(memory, to + left, readBytes(memory, from + left, take));
  }
}

/** Writes `n` times the byte `value`; what becomes zeros and was never written costs nothing. */
export function fillBytes(memory: Memory, ptr: number, value: number, n: number): void {
  for (let done = 0; done < n; ) {
    const at = ptr + done;
    const offset = at % pageSize;
    const take = Math.min(pageSize - offset, n - done);
    const p = at >>> pageBits;
    if (value !== 0 || pageOf(memory, p) !== null) {
      ownPage(memory, p).fill(value, offset, offset + take);
    }
    done += take;
  }
}

/** Adds zeros at the end of a memory that the caller may mutate. */
export function growMemory(memory: Memory, bytes: number): void {
  const { length } = memory;
  const more = leavesFor(length + bytes) - leavesFor(length);
  memory.leaves = [...memory.leaves, ...new Array<null>(more).fill(null)];
  memory.length = length + bytes;
  forget(memory);
  const p = length >>> pageBits;
  const page = length % pageSize === 0 ? null : pageOf(memory, p);
  if (page === null) return;
  const longer = new Uint8Array(Math.min(pageSize, memory.length - p * pageSize));
  longer.set(page);
  ownPage(memory, p);
  (memory.leaves[p >>> leafBits] as Uint8Array[])[p & (leafSize - 1)] = longer;
}

/** From now on everything in the memory counts as shared. */
function forget(memory: Memory): void {
  const at = owners.findIndex((owner) => owner.memory === memory);
  if (at >= 0) owners.splice(at, 1);
  next = owners.length % mostOwners;
  last = null;
}

/** The little-endian unsigned integer of `n` <= 4 bytes at `ptr`. */
export function readInt(memory: Readonly<Memory>, ptr: number, n: number): number {
  let value = 0;
  for (let i = n - 1; i >= 0; i--) {
    const at = ptr + i;
    value = value * 256 + (pageOf(memory, at >>> pageBits)?.[at & (pageSize - 1)] ?? 0);
  }
  return value;
}

/** Writes an integer as `writeBytes` would its `n` <= 4 little-endian bytes. */
export function writeInt(memory: Memory, value: number, ptr: number, n: number): void {
  const offset = ptr % pageSize;
  const inside = offset + n <= pageSize;
  const bytes = inside ? ownPage(memory, ptr >>> pageBits) : new Uint8Array(n);
  const at = inside ? offset : 0;
  for (let i = 0; i < n; i++) bytes[at + i] = value >>> (8 * i);
  if (!inside) writeBytes(memory, ptr, bytes);
}
