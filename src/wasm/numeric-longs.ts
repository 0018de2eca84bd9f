// Integers of 64 bits in two words: what takes more than a few instructions. Mirrors the core specification, "Integer Operations".

import { type Machine, trap } from "./run-machine.ts";

/** The high word of the product of two unsigned words. */
export function highProduct(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const cross = aLow * bHigh + (middle & 0xffff);
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) | 0;
}

/** A register as an integer. */
export function longAt({ words }: Machine, at: number): bigint {
  return (BigInt(words[at + 1] ?? 0) << 32n) | BigInt((words[at] ?? 0) >>> 0);
}

export function putLong({ words }: Machine, d: number, value: bigint): void {
  words[d] = Number(BigInt.asIntN(32, value));
  words[d + 1] = Number(BigInt.asIntN(32, value >> 32n));
}

/** An integer that a number holds exactly, into a register. */
export function putExact({ words }: Machine, d: number, value: number): void {
  const high = Math.floor(value / 2 ** 32);
  words[d] = value - high * 2 ** 32;
  words[d + 1] = high;
}

/** What a number holds exactly is divided as a number. */
const isSmallSigned = (high: number): boolean => high >= -(2 ** 20) && high < 2 ** 20;
const isSmall = (high: number): boolean => high >>> 0 < 2 ** 20;

function signedAt({ words }: Machine, at: number): number {
  return (words[at + 1] ?? 0) * 2 ** 32 + ((words[at] ?? 0) >>> 0);
}

type Binary = (m: Machine, d: number, a: number, b: number) => void;

interface Division {
  readonly signed: boolean;
  readonly small: (a: number, b: number) => number;
  readonly large: (a: bigint, b: bigint) => bigint;
}

/** Trunc comes before 0 is added: that -0 becomes 0 is right for integers. */
const quotient = (a: number, b: number): number => Math.trunc(a / b) + 0;
const remainder = (a: number, b: number): number => (a % b) + 0;

function division({ signed, small, large }: Division): Binary {
  const fits = signed ? isSmallSigned : isSmall;
  return (m, d, a, b) => {
    const { words } = m;
    if (((words[b] ?? 0) | (words[b + 1] ?? 0)) === 0) trap("divide-by-zero");
    if (fits(words[a + 1] ?? 0) && fits(words[b + 1] ?? 0)) {
      putExact(m, d, small(signedAt(m, a), signedAt(m, b)));
      return;
    }
    const [first, second] = [longAt(m, a), longAt(m, b)];
    if (signed) putLong(m, d, large(first, second));
    else putLong(m, d, large(BigInt.asUintN(64, first), BigInt.asUintN(64, second)));
  };
}

function dividedSigned(a: bigint, b: bigint): bigint {
  if (b === -1n && a === -(2n ** 63n)) trap("integer-overflow");
  return a / b;
}

const divided = (a: bigint, b: bigint): bigint => a / b;
const left = (a: bigint, b: bigint): bigint => a % b;

function popcount(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

function trailing(word: number): number {
  return word === 0 ? 32 : 31 - Math.clz32(word & -word);
}

type Unary = (low: number, high: number) => number;

/** An instruction whose result is a small number. */
function counting(count: Unary): Binary {
  return ({ words }, d, a) => {
    words[d] = count(words[a] ?? 0, words[a + 1] ?? 0);
    words[d + 1] = 0;
  };
}

/** One that extends the sign of the low bits. */
function extending(extend: (low: number) => number): Binary {
  return ({ words }, d, a) => {
    const low = extend(words[a] ?? 0);
    words[d] = low;
    words[d + 1] = low >> 31;
  };
}

function rotate({ words }: Machine, d: number, a: number, by: number): void {
  const n = by & 31;
  const swap = (by & 32) !== 0;
  const low = words[swap ? a + 1 : a] ?? 0;
  const high = words[swap ? a : a + 1] ?? 0;
  words[d] = n === 0 ? low : (low << n) | (high >>> (32 - n));
  words[d + 1] = n === 0 ? high : (high << n) | (low >>> (32 - n));
}

/** By the number of the instruction. */
export const longs: Readonly<Record<number, Binary>> = {
  105: ({ words }, d, a) => {
    words[d] = popcount(words[a] ?? 0);
  },
  121: counting((low, high) => (high === 0 ? 32 + Math.clz32(low) : Math.clz32(high))),
  122: counting((low, high) => (low === 0 ? 32 + trailing(high) : trailing(low))),
  123: counting((low, high) => popcount(low) + popcount(high)),
  127: division({ signed: true, small: quotient, large: dividedSigned }),
  128: division({ signed: false, small: quotient, large: divided }),
  129: division({ signed: true, small: remainder, large: left }),
  130: division({ signed: false, small: remainder, large: left }),
  137: (m, d, a, b) => rotate(m, d, a, (m.words[b] ?? 0) & 63),
  138: (m, d, a, b) => rotate(m, d, a, -(m.words[b] ?? 0) & 63),
  194: extending((low) => (low << 24) >> 24),
  195: extending((low) => (low << 16) >> 16),
};
