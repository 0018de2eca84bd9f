// The bytes of memories as integers: whole, or the hash of a page, which is kept. Mirrors spec/07.

import type { Memory } from "../../model/store.ts";
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

/** Pages are shared by the stores that did not write to them, so a page is hashed once. */
export class PageWriter {
  readonly #keys = new WeakMap<Uint8Array, Key>();
  readonly #scratch = new Encoding();

  bytes(bytes: Uint8Array, out: Encoding): void {
    writeBytes(bytes, bytes.length, out);
  }

  /** Pages of zeros count for nothing. */
  memory({ length, pages }: Readonly<Memory>, out: Encoding): void {
    out.push(length);
    for (let i = 0; i < pages.length; i++) {
      const page = pages[i];
      if (page) this.#page(i, page, out);
    }
    out.push(-1);
  }

  #page(i: number, page: Uint8Array, out: Encoding): void {
    if (out.exact) {
      const length = used(page);
      if (length === 0) return;
      out.push(i);
      writeBytes(page, length, out);
      return;
    }
    const { hi, lo } = this.#keys.get(page) ?? this.#hash(page);
    if (hi === 0 && lo === 0) return;
    out.push(i);
    out.push(hi);
    out.push(lo);
  }

  #hash(page: Uint8Array): Key {
    const key: Key = { hi: 0, lo: 0 };
    const length = used(page);
    this.#scratch.clear();
    writeBytes(page, length, this.#scratch);
    if (length > 0) this.#scratch.hash(key);
    this.#keys.set(page, key);
    return key;
  }
}
