// Floating-point arithmetic that the loop of the interpreter leaves to a table. Mirrors the core specification, "Floating-Point Operations".

import type { Machine } from "./run-machine.ts";

/*
 * A result that is NaN is the canonical one with a positive sign, as in the deterministic profile. What only
 * moves bits (`abs`, `neg`, `copysign`) keeps the bits of a NaN.
 */
const canonicalSingle = 0x7fc0_0000;
const canonicalHigh = 0x7ff8_0000;
const sign = 0x8000_0000 | 0;

type Binary = (m: Machine, d: number, a: number, b: number) => void;

/** Rounds to f32. */
export function putSingle(m: Machine, d: number, value: number): void {
  if (Number.isNaN(value)) m.words[d] = canonicalSingle;
  else m.singles[d] = value;
}

export function putDouble(m: Machine, d: number, value: number): void {
  if (Number.isNaN(value)) {
    m.words[d] = 0;
    m.words[d + 1] = canonicalHigh;
  } else m.doubles[d >> 1] = value;
}

export function singleAt({ singles }: Machine, at: number): number {
  return singles[at] ?? 0;
}

export function doubleAt({ doubles }: Machine, at: number): number {
  return doubles[at >> 1] ?? 0;
}

/** To the nearest integer, ties to the even one; the sign stays. */
function nearest(value: number): number {
  if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 52) return value;
  const shift = value < 0 || Object.is(value, -0) ? -(2 ** 52) : 2 ** 52;
  const rounded = value + shift - shift;
  return rounded === 0 && shift < 0 ? -0 : rounded;
}

function unarySingle(of: (value: number) => number): Binary {
  return (m, d, a) => putSingle(m, d, of(singleAt(m, a)));
}

function unaryDouble(of: (value: number) => number): Binary {
  return (m, d, a) => putDouble(m, d, of(doubleAt(m, a)));
}

function binarySingle(of: (x: number, y: number) => number): Binary {
  return (m, d, a, b) => putSingle(m, d, of(singleAt(m, a), singleAt(m, b)));
}

function binaryDouble(of: (x: number, y: number) => number): Binary {
  return (m, d, a, b) => putDouble(m, d, of(doubleAt(m, a), doubleAt(m, b)));
}

/** Changes the sign bit of f32: keeps what `keep` has, and turns it over where `flip` says. */
function signSingle(of: (word: number, other: number) => number): Binary {
  return ({ words }, d, a, b) => {
    words[d] = of(words[a] ?? 0, words[b] ?? 0);
  };
}

/** The same for f64, whose sign is in the high word. */
function signDouble(of: (word: number, other: number) => number): Binary {
  return ({ words }, d, a, b) => {
    const high = of(words[a + 1] ?? 0, words[b + 1] ?? 0);
    words[d] = words[a] ?? 0;
    words[d + 1] = high;
  };
}

const abs = (word: number): number => word & ~sign;
const neg = (word: number): number => word ^ sign;
const copysign = (word: number, other: number): number => (word & ~sign) | (other & sign);

/** By the number of the instruction. */
export const floats: Readonly<Record<number, Binary>> = {
  139: signSingle(abs),
  140: signSingle(neg),
  141: unarySingle(Math.ceil),
  142: unarySingle(Math.floor),
  143: unarySingle(Math.trunc),
  144: unarySingle(nearest),
  145: unarySingle(Math.sqrt),
  150: binarySingle(Math.min),
  151: binarySingle(Math.max),
  152: signSingle(copysign),
  153: signDouble(abs),
  154: signDouble(neg),
  155: unaryDouble(Math.ceil),
  156: unaryDouble(Math.floor),
  157: unaryDouble(Math.trunc),
  158: unaryDouble(nearest),
  159: unaryDouble(Math.sqrt),
  164: binaryDouble(Math.min),
  165: binaryDouble(Math.max),
  166: signDouble(copysign),
};
