// What threads that search together share: which states are taken, how many, and whether to go on.

/** Longest rows of keys that are asked for: half a gigabyte of them. */
const mostSlots = 2 ** 26;

/** So many states several threads can visit together. */
export const mostClaims: number = mostSlots / 2;

/**
 * The 64-bit keys of all states that somebody expands or is going to, in an open-addressing table
 * that does not grow. The key 0 is taken for 1, which is as improbable as any two equal keys.
 */
export class Claims {
  readonly buffer: SharedArrayBuffer;
  readonly #slots: BigInt64Array;
  readonly #mask: number;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#slots = new BigInt64Array(buffer);
    this.#mask = this.#slots.length - 1;
  }

  /** For `states` of them, and some more. */
  static of(states: number): Claims {
    let slots = 2 ** 16;
    while (slots < mostSlots && slots < 2 * states + 2 ** 15) slots *= 2;
    return new Claims(new SharedArrayBuffer(8 * slots));
  }

  /** True for the first one who asks. */
  take(hi: number, lo: number): boolean {
    const key = BigInt.asIntN(64, (BigInt(hi) << 32n) | BigInt(lo >>> 0)) || 1n;
    for (let at = spread(hi, lo) & this.#mask; ; at = (at + 1) & this.#mask) {
      const before = Atomics.compareExchange(this.#slots, at, 0n, key);
      if (before === 0n) return true;
      if (before === key) return false;
    }
  }
}

function spread(hi: number, lo: number): number {
  const h = Math.imul(hi ^ (lo >>> 7), 0x9e3779b1) ^ lo;
  return (h ^ (h >>> 15)) >>> 0;
}

/** Places in the row of flags. */
const place = { stop: 0, hunger: 1, states: 2 } as const;

export class Control {
  readonly buffer: SharedArrayBuffer;
  readonly #flags: Int32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(12)) {
    this.buffer = buffer;
    this.#flags = new Int32Array(buffer);
  }

  /** Forgets everything, `known` states aside. */
  reset(known: number): void {
    Atomics.store(this.#flags, place.stop, 0);
    Atomics.store(this.#flags, place.hunger, 0);
    Atomics.store(this.#flags, place.states, known);
  }

  stop(): void {
    Atomics.store(this.#flags, place.stop, 1);
  }

  /** One more state was claimed; true. */
  count(): boolean {
    Atomics.add(this.#flags, place.states, 1);
    return true;
  }

  get states(): number {
    return Atomics.load(this.#flags, place.states);
  }

  /** Somebody has nothing to do. */
  hunger(): void {
    Atomics.store(this.#flags, place.hunger, 1);
  }

  /** True for one who asks, who then has to give. */
  isHungry(): boolean {
    return (
      Atomics.load(this.#flags, place.hunger) === 1 &&
      Atomics.exchange(this.#flags, place.hunger, 0) === 1
    );
  }

  goesOn(most: number = Number.POSITIVE_INFINITY): boolean {
    return Atomics.load(this.#flags, place.stop) === 0 && this.states <= most;
  }
}
