// Accesses to linear memory: pages at hand, and what does not lie in one of them. Mirrors spec/14.

import type { MemoryId } from "../model/ids.ts";
import { ownPage, pageOf, pageSize } from "../model/memory.ts";
import type { Memory } from "../model/store.ts";
import { memoryShift } from "./code.ts";
import { takePage } from "./run-fuel.ts";
import { type Machine, noPage, pagesAtHand, trap } from "./run-machine.ts";

/*
 * An access names its page by a tag: the number of the page and, in the bits from `memoryShift` on, of the
 * memory. The page at hand in place `tag % pagesAtHand` may be read if `readable` has this tag there, and
 * written if `writable` has: then it belongs to this step alone, and is changed in place. Words are in the
 * order of the machine that this runs on: low byte first, as on all that matter.
 */

const zeroPage = new Uint8Array(pageSize);
const zeroWords = new Int32Array(zeroPage.buffer);

export function memoryId(m: Machine, number: number): MemoryId {
  const id = m.code.memories[number];
  if (id === undefined) throw new Error(`no memory ${number}`);
  return id;
}

export function memoryAt(m: Machine, number: number): Readonly<Memory> {
  return m.memories.read(memoryId(m, number));
}

/** The address of an access of `size` bytes; traps beyond the end. */
function checked(m: Machine, base: number, offset: number, tag: number, size: number): number {
  const address = (base >>> 0) + offset;
  const { length } = memoryAt(m, tag >>> memoryShift);
  return address + size <= length ? address : trap("memory-out-of-bounds");
}

/** Takes the page of an address at hand, to read; a page that ends with its memory is never at hand. */
function bring(m: Machine, address: number, memory: number): Uint8Array {
  const p = Math.floor(address / pageSize);
  const tag = p | memory;
  const at = tag & (pagesAtHand - 1);
  const page = pageOf(memoryAt(m, memory >>> memoryShift), p) ?? zeroPage;
  if (m.readable[at] !== tag && page.length === pageSize) {
    m.readable[at] = tag;
    m.writable[at] = noPage;
    m.pageBytes[at] = page;
    m.pageWords[at] = page === zeroPage ? zeroWords : wordsOf(page);
  }
  return page;
}

/** The same, to write. */
function bringOwn(m: Machine, address: number, memory: number): Uint8Array {
  const p = Math.floor(address / pageSize);
  const tag = p | memory;
  const at = tag & (pagesAtHand - 1);
  const edited = m.memories.edit(memoryId(m, memory >>> memoryShift));
  if (pageOf(edited, p) === null) takePage(m);
  const page = ownPage(edited, p);
  if (m.writable[at] !== tag && page.length === pageSize) {
    m.readable[at] = tag;
    m.writable[at] = tag;
    m.pageBytes[at] = page;
    m.pageWords[at] = wordsOf(page);
  }
  return page;
}

function wordsOf(page: Uint8Array): Int32Array {
  return new Int32Array(page.buffer, page.byteOffset, pageSize >>> 2);
}

/** Up to four bytes of one or two pages. */
function readFew(m: Machine, address: number, memory: number, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i++) {
    const page = bring(m, address + i, memory);
    value |= (page[(address + i) % pageSize] ?? 0) << (8 * i);
  }
  return value;
}

function writeFew(m: Machine, address: number, memory: number, size: number, value: number): void {
  for (let i = 0; i < size; i++) {
    bringOwn(m, address + i, memory)[(address + i) % pageSize] = value >>> (8 * i);
  }
}

/** Loads `size` <= 4 bytes, as an unsigned integer in a word. */
export function load(
  m: Machine,
  base: number,
  offset: number,
  memory: number,
  size: number,
): number {
  return readFew(m, checked(m, base, offset, memory, size), memory, size);
}

/** Loads 8 bytes into the register that begins at word `d`. */
export function loadLong(
  m: Machine,
  base: number,
  offset: number,
  memory: number,
  d: number,
): void {
  const address = checked(m, base, offset, memory, 8);
  m.words[d] = readFew(m, address, memory, 4);
  m.words[d + 1] = readFew(m, address + 4, memory, 4);
}

export function store(
  m: Machine,
  base: number,
  offset: number,
  memory: number,
  size: number,
  value: number,
): void {
  writeFew(m, checked(m, base, offset, memory, size), memory, size, value);
}

/** Stores the register that begins at word `s`; nothing if its end is beyond the memory's. */
export function storeLong(
  m: Machine,
  base: number,
  offset: number,
  memory: number,
  s: number,
): void {
  const address = checked(m, base, offset, memory, 8);
  writeFew(m, address, memory, 4, m.words[s] ?? 0);
  writeFew(m, address + 4, memory, 4, m.words[s + 1] ?? 0);
}
