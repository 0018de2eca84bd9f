// The bytes of memories as integers: whole, or hashes of leaves and pages, which are kept. Mirrors spec/07.

import type { Leaf, Memory } from "../../model/store.ts";
import { Encoding, type Key } from "./encoding.ts";

/** The number of bytes up to the last one that is not 0. */
function used(bytes: Uint8Array): number {
  let end = bytes.length;
  if (bytes.byteOffset % 4 === 0) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, end >>> 2);
    if (end % 4 === 0) end = usedWords(words) * 4;
  }
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return end;
}

function usedWords(words: Int32Array): number {
  let end = words.length;
  while (end > 0 && words[end - 1] === 0) end -= 1;
  return end;
}

/** Four bytes to an integer. */
function writeBytes(bytes: Uint8Array, length: number, out: Encoding): void {
  out.push(length);
  for (let i = 0; i < length; i += 4) {
    const low = (bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8);
    out.push(low | ((bytes[i + 2] ?? 0) << 16) | ((bytes[i + 3] ?? 0) << 24));
  }
}

/** What is shared by the states that did not change it. */
type Kept = Leaf | Uint8Array | Int32Array;

/** So many are rather written than hashed. */
const fewWords = 32;

/** Leaves and pages are shared by the stores that did not write to them, so each is hashed once. */
export class PageWriter {
  readonly #keys = new WeakMap<Kept, Key>();
  readonly #scratch = new Encoding();
  readonly #leafScratch = new Encoding();

  bytes(bytes: Uint8Array, out: Encoding): void {
    writeBytes(bytes, bytes.length, out);
  }

  /** Words that no step changes in place; many of them, such as a table, are hashed once. */
  words(words: Int32Array, out: Encoding): void {
    out.push(words.length);
    if (!out.exact && words.length > fewWords) {
      const { hi, lo } = this.#keys.get(words) ?? this.#hashWords(words);
      out.push(hi);
      out.push(lo);
    } else for (let i = 0; i < words.length; i++) out.push(words[i] ?? 0);
  }

  #hashWords(words: Int32Array): Key {
    this.#scratch.clear();
    for (let i = 0; i < words.length; i++) this.#scratch.push(words[i] ?? 0);
    return this.#keep(words, this.#scratch);
  }

  /** Pages of zeros count for nothing. */
  memory({ length, leaves }: Readonly<Memory>, out: Encoding): void {
    out.push(length);
    for (let i = 0; i < leaves.length; i++) {
      const leaf = leaves[i];
      if (leaf) this.#leaf(i, leaf, out);
    }
    out.push(-1);
  }

  #leaf(i: number, leaf: Leaf, out: Encoding): void {
    if (out.exact) this.#exactly(i * leaf.length, leaf, out);
    else writeKey(i, this.#keys.get(leaf) ?? this.#hashLeaf(leaf), out);
  }

  #exactly(first: number, leaf: Leaf, out: Encoding): void {
    for (let i = 0; i < leaf.length; i++) {
      const page = leaf[i];
      const length = page ? used(page) : 0;
      if (!page || length === 0) continue;
      out.push(first + i);
      writeBytes(page, length, out);
    }
  }

  #hashLeaf(leaf: Leaf): Key {
    const scratch = this.#leafScratch;
    scratch.clear();
    for (let i = 0; i < leaf.length; i++) {
      const page = leaf[i];
      if (page) writeKey(i, this.#keys.get(page) ?? this.#hashPage(page), scratch);
    }
    return this.#keep(leaf, scratch);
  }

  #hashPage(page: Uint8Array): Key {
    const length = used(page);
    this.#scratch.clear();
    if (length > 0) writeBytes(page, length, this.#scratch);
    return this.#keep(page, this.#scratch);
  }

  /** The hash of what was written; nothing written is 0. */
  #keep(of: Kept, written: Encoding): Key {
    const key: Key = { hi: 0, lo: 0 };
    if (written.length > 0) written.hash(key);
    this.#keys.set(of, key);
    return key;
  }
}

function writeKey(i: number, { hi, lo }: Key, out: Encoding): void {
  if (hi === 0 && lo === 0) return;
  out.push(i);
  out.push(hi);
  out.push(lo);
}
