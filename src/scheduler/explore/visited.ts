// Which states a search has met: 64-bit keys in an open-addressing table. Mirrors spec/07.

import type { Encoding, Key } from "../encoding/encoding.ts";
import { Ints } from "./ints.ts";

/** hi, lo, and the node plus one, 0 in a free slot; four, so that no slot crosses a line of the cache */
const slotSize = 4;
const firstSlots = 1 << 10;

/** `Set` and `Map` throw at 2^24 entries; this table grows as long as there is memory. */
export class Visited {
  #slots: Int32Array = new Int32Array(slotSize * firstSlots);
  #mask: number = firstSlots - 1;
  readonly #arena: Arena | null;
  /** nodes so far */
  size = 0;

  /** `exact`: keys that are equal count as one only if their encodings are. */
  constructor(exact = false) {
    this.#arena = exact ? new Arena() : null;
  }

  /**
   * The node with this key; or, if there is none, the complement (`~`) of the number that it has got
   * now. `encoding` is needed only when exact.
   */
  visit(key: Key, encoding: Encoding | null = null): number {
    const slot = this.#slot(key, encoding);
    const node = (this.#slots[slot + 2] ?? 0) - 1;
    return node < 0 ? ~this.#add(slot, key.hi, key.lo, encoding) : node;
  }

  /** The node with this key, -1 if there is none. */
  find(key: Key): number {
    return (this.#slots[this.#slot(key, null) + 2] ?? 0) - 1;
  }

  /** Where the key stands, or where it would. */
  #slot({ hi, lo }: Key, encoding: Encoding | null): number {
    const slots = this.#slots;
    const mask = this.#mask;
    for (let at = spread(hi, lo) & mask; ; at = (at + 1) & mask) {
      const i = at * slotSize;
      const node = (slots[i + 2] ?? 0) - 1;
      if (node < 0) return i;
      if (slots[i] === hi && slots[i + 1] === lo && this.#same(node, encoding)) return i;
    }
  }

  /** The keys of all nodes in their order, two halves for each. */
  keys(): Int32Array {
    const keys = new Int32Array(2 * this.size);
    for (let i = 0; i < this.#slots.length; i += slotSize) {
      const node = (this.#slots[i + 2] ?? 0) - 1;
      if (node < 0) continue;
      keys[2 * node] = this.#slots[i] ?? 0;
      keys[2 * node + 1] = this.#slots[i + 1] ?? 0;
    }
    return keys;
  }

  #same(node: number, encoding: Encoding | null): boolean {
    return this.#arena === null || encoding === null || this.#arena.holds(node, encoding);
  }

  #add(slot: number, hi: number, lo: number, encoding: Encoding | null): number {
    const node = this.size;
    this.#slots[slot] = hi;
    this.#slots[slot + 1] = lo;
    this.#slots[slot + 2] = node + 1;
    this.size += 1;
    if (encoding !== null) this.#arena?.add(encoding);
    if (this.size > (this.#mask + 1) * 0.625) this.#grow();
    return node;
  }

  #grow(): void {
    const old = this.#slots;
    const mask = 2 * (this.#mask + 1) - 1;
    const slots = new Int32Array(slotSize * (mask + 1));
    for (let i = 0; i < old.length; i += slotSize) {
      if (old[i + 2] === 0) continue;
      let at = spread(old[i] ?? 0, old[i + 1] ?? 0) & mask;
      while (slots[at * slotSize + 2] !== 0) at = (at + 1) & mask;
      slots.set(old.subarray(i, i + slotSize), at * slotSize);
    }
    this.#slots = slots;
    this.#mask = mask;
  }
}

/** Keys are hashes most of the time; pairs of small numbers are spread here. */
function spread(hi: number, lo: number): number {
  const n = Math.imul(hi, 0x9e3779b1) ^ lo;
  return n ^ (n >>> 15);
}

const chunkSize = 1 << 20;

/** Encodings one after the other, each with its length before it; none crosses a chunk. */
class Arena {
  readonly #chunks: Int32Array[] = [];
  readonly #chunkOf: Ints = new Ints();
  readonly #startOf: Ints = new Ints();
  #used = 0;

  add({ ints, length }: Encoding): void {
    const chunk = this.#room(length + 1);
    this.#chunkOf.push(this.#chunks.length - 1);
    this.#startOf.push(this.#used);
    chunk[this.#used] = length;
    chunk.set(ints.subarray(0, length), this.#used + 1);
    this.#used += length + 1;
  }

  holds(node: number, { ints, length }: Encoding): boolean {
    const chunk = this.#chunks[this.#chunkOf.at(node)];
    const start = this.#startOf.at(node);
    if (chunk === undefined || chunk[start] !== length) return false;
    for (let i = 0; i < length; i++) if (chunk[start + 1 + i] !== ints[i]) return false;
    return true;
  }

  #room(length: number): Int32Array {
    const last = this.#chunks[this.#chunks.length - 1];
    if (last !== undefined && this.#used + length <= last.length) return last;
    const fresh = new Int32Array(Math.max(chunkSize, length));
    this.#chunks.push(fresh);
    this.#used = 0;
    return fresh;
  }
}
