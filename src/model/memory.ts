// Linear memory in copy-on-write pages: bulk reads and writes. Mirrors spec/01.

import type { Memory } from "./store.ts";

/** Bytes in one copy-on-write page; not a WebAssembly page. */
const pageSize = 4096;

export function newMemory(address: Memory["address"], length: number): Memory {
  return { address, length, pages: new Array(Math.ceil(length / pageSize)).fill(null) };
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
 * Writes `bytes` at `ptr` into a memory that the caller may mutate (it came from `edit`);
 * touched pages are replaced, never changed in place, because other stores share them.
 */
export function writeBytes(memory: Memory, ptr: number, bytes: Uint8Array): void {
  const pages = memory.pages.slice();
  for (let done = 0; done < bytes.length; ) {
    const at = ptr + done;
    const offset = at % pageSize;
    const take = Math.min(pageSize - offset, bytes.length - done);
    const p = (at - offset) / pageSize;
    const size = Math.min(pageSize, memory.length - p * pageSize);
    const page = pages[p] ?? null;
    const next = page === null ? new Uint8Array(size) : page.slice();
    next.set(bytes.subarray(done, done + take), offset);
    pages[p] = next;
    done += take;
  }
  memory.pages = pages;
}

/** The little-endian unsigned integer of `n` <= 4 bytes at `ptr`. */
export function readInt(memory: Readonly<Memory>, ptr: number, n: number): number {
  const bytes = readBytes(memory, ptr, n);
  let value = 0;
  for (let i = n - 1; i >= 0; i--) value = value * 256 + (bytes[i] ?? 0);
  return value;
}

export function writeInt(memory: Memory, value: number, ptr: number, n: number): void {
  const bytes = new Uint8Array(n);
  let rest = value;
  for (let i = 0; i < n; i++) {
    bytes[i] = rest & 0xff;
    rest = Math.floor(rest / 256);
  }
  writeBytes(memory, ptr, bytes);
}
