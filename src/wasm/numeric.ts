// Conversions, and all numeric instructions of the table by number. Mirrors the core specification, "Conversions".

import { placeOf } from "./code.ts";
import { doubleAt, floats, putDouble, putSingle, singleAt } from "./numeric-floats.ts";
import { longs, putExact } from "./numeric-longs.ts";
import { type Machine, trap } from "./run-machine.ts";

export type Numeric = (m: Machine, d: number, a: number, b: number) => void;

type Take = (m: Machine, at: number) => number;
type Put = (m: Machine, d: number, value: number) => void;

const putWord: Put = ({ words }, d, value) => {
  words[d] = value;
};

/** Integers by their least value and the first that is too great. */
interface Range {
  readonly least: number;
  readonly end: number;
  readonly put: Put;
}

const s32: Range = { least: -(2 ** 31), end: 2 ** 31, put: putWord };
const u32: Range = { least: 0, end: 2 ** 32, put: putWord };
const s64: Range = { least: -(2 ** 63), end: 2 ** 63, put: putExact };
const u64: Range = { least: 0, end: 2 ** 64, put: putExact };

/** Adding 0 makes 0 of -0. */
function truncating(take: Take, { least, end, put }: Range): Numeric {
  return (m, d, a) => {
    const value = take(m, a);
    if (Number.isNaN(value)) trap("invalid-conversion");
    const whole = Math.trunc(value) + 0;
    if (whole < least || whole >= end) trap("integer-overflow");
    put(m, d, whole);
  };
}

/** The greatest integer is all ones; of the signed ones, but for the sign. */
function putGreatest({ words }: Machine, d: number, { least, end }: Range): void {
  const top = least === 0 ? -1 : 0x7fff_ffff;
  words[d] = end > 2 ** 32 ? -1 : top;
  if (end > 2 ** 32) words[d + 1] = top;
}

function saturating(take: Take, range: Range): Numeric {
  return (m, d, a) => {
    const value = take(m, a);
    const whole = Number.isNaN(value) ? 0 : Math.trunc(value) + 0;
    if (whole >= range.end) putGreatest(m, d, range);
    else range.put(m, d, Math.max(whole, range.least));
  };
}

/**
 * An integer of 64 bits as a number that may be rounded to f32 at once: from 2^53 on the last bits become
 * one that says whether they were 0, so that no rounding happens before.
 */
function rounding(high: number, low: number): number {
  const small = high >= -(2 ** 21) && high < 2 ** 21;
  const kept = small || (low & 0xfff) === 0 ? low : (low & ~0xfff) | 0x800;
  return high * 2 ** 32 + (kept >>> 0);
}

function fromLong(put: Put, signed: boolean, exact: boolean): Numeric {
  return (m, d, a) => {
    const low = m.words[a] ?? 0;
    const word = m.words[a + 1] ?? 0;
    const high = signed ? word : word >>> 0;
    put(m, d, exact ? high * 2 ** 32 + (low >>> 0) : rounding(high, low));
  };
}

const conversions: Readonly<Record<number, Numeric>> = {
  168: truncating(singleAt, s32),
  169: truncating(singleAt, u32),
  170: truncating(doubleAt, s32),
  171: truncating(doubleAt, u32),
  174: truncating(singleAt, s64),
  175: truncating(singleAt, u64),
  176: truncating(doubleAt, s64),
  177: truncating(doubleAt, u64),
  178: (m, d, a) => putSingle(m, d, m.words[a] ?? 0),
  179: (m, d, a) => putSingle(m, d, (m.words[a] ?? 0) >>> 0),
  180: fromLong(putSingle, true, false),
  181: fromLong(putSingle, false, false),
  182: (m, d, a) => putSingle(m, d, doubleAt(m, a)),
  185: fromLong(putDouble, true, true),
  186: fromLong(putDouble, false, true),
  187: (m, d, a) => putDouble(m, d, singleAt(m, a)),
  [placeOf(0xfc00)]: saturating(singleAt, s32),
  [placeOf(0xfc01)]: saturating(singleAt, u32),
  [placeOf(0xfc02)]: saturating(doubleAt, s32),
  [placeOf(0xfc03)]: saturating(doubleAt, u32),
  [placeOf(0xfc04)]: saturating(singleAt, s64),
  [placeOf(0xfc05)]: saturating(singleAt, u64),
  [placeOf(0xfc06)]: saturating(doubleAt, s64),
  [placeOf(0xfc07)]: saturating(doubleAt, u64),
};

/** The instructions that `own.numeric` names, by number. */
export const numeric: readonly Numeric[] = tableOf({ ...longs, ...floats, ...conversions });

function tableOf(rows: Readonly<Record<number, Numeric>>): readonly Numeric[] {
  const missing: Numeric = () => {
    throw new Error("no such instruction");
  };
  return Array.from({ length: 264 }, (_, code) => rows[code] ?? missing);
}
