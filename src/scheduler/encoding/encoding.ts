// A state as flat integers, and the 64-bit hash of them that the visited table keeps. Mirrors spec/07.

/** The two halves of a 64-bit key. */
export interface Key {
  hi: number;
  lo: number;
}

const float = new Float64Array(1);
const halves = new Int32Array(float.buffer);

/**
 * Where a model writes a state: 32-bit integers in a buffer that is used again for the next state.
 * Texts become numbers; `exact` gives each a number of its own, for this encoding only, otherwise it
 * is hashed, the same in every process.
 */
export class Encoding {
  ints: Int32Array = new Int32Array(256);
  length = 0;
  /** Whether two encodings are equal only if what was written is. */
  readonly exact: boolean;
  readonly #texts = new Map<string, readonly [number, number]>();

  constructor(exact = false) {
    this.exact = exact;
  }

  clear(): void {
    this.length = 0;
  }

  /** A 32-bit integer. */
  push(n: number): void {
    if (this.length === this.ints.length) this.#grow();
    this.ints[this.length] = n;
    this.length += 1;
  }

  /** Any number, bit for bit. */
  number(n: number): void {
    float[0] = n;
    this.push(halves[0] ?? 0);
    this.push(halves[1] ?? 0);
  }

  text(text: string): void {
    const [a, b] = this.textKey(text);
    this.push(a);
    this.push(b);
  }

  /** The two integers that `text` writes. */
  textKey(text: string): readonly [number, number] {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const key = this.exact ? ([this.#texts.size, -1] as const) : hashText(text);
    this.#texts.set(text, key);
    return key;
  }

  /**
   * The 64-bit hash of what was written: each pair of integers changes all 64 bits, and no two
   * pairs do so in the same way.
   */
  hash(into: Key): void {
    const { ints, length } = this;
    let a = length ^ 0x9e3779b9;
    let b = length ^ 0x85ebca6b;
    for (let i = 0; i < length; i += 2) {
      a ^= scrambled(ints[i] ?? 0, 0xcc9e2d51, 0x1b873593);
      a = (Math.imul(((a << 13) | (a >>> 19)) + b, 5) + 0x561ccd1b) | 0;
      b ^= scrambled(i + 1 < length ? (ints[i + 1] ?? 0) : 0, 0x1b873593, 0xcc9e2d51);
      b = (Math.imul(((b << 17) | (b >>> 15)) + a, 5) + 0x0bcaa747) | 0;
    }
    a = mix(a + b);
    b = mix(b + a);
    into.hi = (a + b) | 0;
    into.lo = b;
  }

  #grow(): void {
    const bigger = new Int32Array(this.ints.length * 2);
    bigger.set(this.ints);
    this.ints = bigger;
  }
}

function scrambled(n: number, first: number, second: number): number {
  const x = Math.imul(n, first);
  return Math.imul((x << 15) | (x >>> 17), second);
}

function mix(seed: number): number {
  let h = Math.imul(seed ^ (seed >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}

function hashText(text: string): readonly [number, number] {
  let a = 0x811c9dc5;
  let b = text.length;
  for (let i = 0; i < text.length; i++) {
    const x = text.charCodeAt(i);
    a = Math.imul(a ^ x, 0x01000193);
    b = Math.imul(b ^ x, 0x5bd1e995);
    b ^= b >>> 15;
  }
  return [a, b];
}
