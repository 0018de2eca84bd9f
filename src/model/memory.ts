// Linear memory in copy-on-write pages: bulk reads and writes. Mirrors spec/01.

import type { Memory } from "./store.ts";

/** Bytes in one copy-on-write page; not a WebAssembly page. */
const pageSize = 1024;

export function newMemory(address: Memory["address"], length: number): Memory {
  return { address, length, pages: new Array(Math.ceil(length / pageSize)).fill(null) };
}

/** Which pages a memory copied itself: only those may it change in place. */
interface Owner {
  readonly memory: Memory;
  readonly owned: boolean[];
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
  memory.pages = memory.pages.slice();
  const owner: Owner = { memory, owned: [] };
  owners[next] = owner;
  next = (next + 1) % mostOwners;
  return owner;
}

/** A page that may be written; the others of `memory` are shared as before. */
function ownPage(memory: Memory, p: number): Uint8Array {
  const { owned } = ownerOf(memory);
  const page = memory.pages[p] ?? null;
  if (page !== null && owned[p] === true) return page;
  const size = Math.min(pageSize, memory.length - p * pageSize);
  const copy = page === null ? new Uint8Array(size) : page.slice();
  (memory.pages as (Uint8Array | null)[])[p] = copy;
  owned[p] = true;
  return copy;
}

/** A copy of `n` bytes at `ptr`; the caller has checked the bounds. */
export function readBytes(memory: Readonly<Memory>, ptr: number, n: number): Uint8Array {
  const out = new Uint8Array(n);
  for (let done = 0; done < n; ) {
    const at = ptr + done;
    const offset = at % pageSize;
    const take = Math.min(pageSize - offset, n - done);
    const page = memory.pages[(at - offset) / pageSize];
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
    const page = ownPage(memory, (at - offset) / pageSize);
    page.set(take === bytes.length ? bytes : bytes.subarray(done, done + take), offset);
    done += take;
  }
}

/**
 * Copies `n` bytes from `src` at `from` to `dst` at `to`, which may be the same memory but not the same
 * range; page by page, without a copy in between.
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
    const page = ownPage(dst, (to + done - into) / pageSize);
    copyRange(src.pages[(from + done - offset) / pageSize] ?? null, offset, page, into, take);
    done += take;
  }
}

/** Below this many bytes a loop is faster than a view. */
const few = 48;

function copyRange(
  source: Uint8Array | null,
  offset: number,
  page: Uint8Array,
  into: number,
  n: number,
): void {
  if (n < few) for (let i = 0; i < n; i++) page[into + i] = source?.[offset + i] ?? 0;
  else if (source === null) page.fill(0, into, into + n);
  else page.set(n < source.length ? source.subarray(offset, offset + n) : source, into);
}

/** The little-endian unsigned integer of `n` <= 4 bytes at `ptr`. */
export function readInt(memory: Readonly<Memory>, ptr: number, n: number): number {
  let value = 0;
  for (let i = n - 1; i >= 0; i--) {
    const offset = (ptr + i) % pageSize;
    value = value * 256 + (memory.pages[(ptr + i - offset) / pageSize]?.[offset] ?? 0);
  }
  return value;
}

/** Writes an integer as `writeBytes` would its `n` <= 4 little-endian bytes. */
export function writeInt(memory: Memory, value: number, ptr: number, n: number): void {
  const offset = ptr % pageSize;
  const inside = offset + n <= pageSize;
  const bytes = inside ? ownPage(memory, (ptr - offset) / pageSize) : new Uint8Array(n);
  const at = inside ? offset : 0;
  for (let i = 0; i < n; i++) bytes[at + i] = value >>> (8 * i);
  if (!inside) writeBytes(memory, ptr, bytes);
}
